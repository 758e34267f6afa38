#include "bus/open/open.h"

#include <gmock/gmock.h>

#include "base/clock.h"
#include "tests/support/kafka/broker.h"
#include "tests/support/status.h"
#include "tests/support/wait.h"

namespace kawat::bus {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// A broker of its own: kawat's topics have their names and no others.
TEST(OpenTest, KafkasTopicsAreMadeOnlyWhenAskedFor) {
  ASSERT_OK_AND_ASSIGN(const auto broker, support::KafkaBroker::Start());
  const base::Shutdown shutdown;
  BusConfig config{.kafka = broker->address()};
  const absl::Status missing = Open(config, "", base::SystemClock(), shutdown).status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()), HasSubstr("kawat.pages"));
  config.make_topics = true;
  ASSERT_OK_AND_ASSIGN(const auto bus, Open(config, "", base::SystemClock(), shutdown));
  ASSERT_OK_AND_ASSIGN(const std::int32_t pages, bus->PartitionCount(kPages));
  EXPECT_EQ(pages, 16);
  config.make_topics = false;
  EXPECT_OK(Open(config, "", base::SystemClock(), shutdown));
}

TEST(OpenTest, ATopicThatWouldLoseDataIsRefusedUntilItIsMended) {
  ASSERT_OK_AND_ASSIGN(const auto broker, support::KafkaBroker::Start());
  const base::Shutdown shutdown;
  BusConfig config{.kafka = broker->address(), .make_topics = true};
  ASSERT_OK(Open(config, "", base::SystemClock(), shutdown));
  ASSERT_OK_AND_ASSIGN(const auto kafka, OpenKafka(KafkaOptionsOf(config), shutdown));
  const std::string pages(kPages);
  const std::string names[] = {pages};
  ASSERT_OK(kafka->ChangeTopic(pages, {{"retention.ms", "3600000"}, {"compression.type", "zstd"}}));
  const auto told = [&](const char* setting, const char* value) {
    const auto found = kafka->DescribeTopics(names);
    return found.ok() && found->topics.at(pages).settings.at(setting).value == value;
  };
  ASSERT_TRUE(support::WaitUntil([&] { return told("retention.ms", "3600000"); }));

  const absl::Status status = Open(config, "", base::SystemClock(), shutdown).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("kawat.pages"), HasSubstr("retention.ms is 3600000 and should be 604800000"),
                    HasSubstr("`kawat topics apply`")));

  ASSERT_OK(kafka->ChangeTopic(pages, {{"retention.ms", "604800000"}}));
  EXPECT_TRUE(support::WaitUntil([&] { return told("retention.ms", "604800000"); }));
  EXPECT_TRUE(told("compression.type", "zstd")) << "what else is set on the topic stays";
  EXPECT_TRUE(told("message.timestamp.type", "LogAppendTime"));
  EXPECT_OK(Open(config, "", base::SystemClock(), shutdown));
}

}  // namespace
}  // namespace kawat::bus
