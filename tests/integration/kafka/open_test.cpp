#include "bus/open/open.h"

#include <gmock/gmock.h>

#include "base/clock.h"
#include "tests/support/kafka/broker.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::bus {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<BusConfig> Parse(std::string_view text) {
  absl::StatusOr<base::Toml> toml = base::Toml::Parse(text, "test.toml");
  return toml.ok() ? ParseBusConfig(*toml) : toml.status();
}

TEST(BusConfigTest, TheEmbeddedLogIsTheDefault) {
  ASSERT_OK_AND_ASSIGN(const BusConfig config, Parse(""));
  EXPECT_EQ(config.kafka, "");
  EXPECT_EQ(config.partitions, 4);
}

TEST(BusConfigTest, KafkaHasMorePartitions) {
  ASSERT_OK_AND_ASSIGN(BusConfig config, Parse("[bus]\nkafka = \"a:9092,b:9092\""));
  EXPECT_EQ(config.kafka, "a:9092,b:9092");
  EXPECT_EQ(config.partitions, 16);
  EXPECT_EQ(config.replication, 0);
  ASSERT_OK_AND_ASSIGN(config, Parse("[bus]\nkafka = \"a:9092\"\npartitions = 3\nreplication = 2"));
  EXPECT_EQ(config.partitions, 3);
  EXPECT_EQ(config.replication, 2);
}

TEST(BusConfigTest, WrongValuesAndUnknownKeysAreRefused) {
  EXPECT_EQ(Parse("[bus]\npartitions = 0").status().code(), absl::StatusCode::kInvalidArgument);
  const absl::Status unknown = Parse("[bus]\nkafak = \"a:9092\"").status();
  EXPECT_EQ(unknown.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(unknown.message()), HasSubstr("kafka"));
}

TEST(OpenTest, TheEmbeddedLogHasKawatsTopics) {
  const support::TempFolder folder;
  const base::Shutdown shutdown;
  ASSERT_OK_AND_ASSIGN(const auto bus, Open({.partitions = 2}, folder.path(), base::SystemClock(), shutdown));
  ASSERT_OK_AND_ASSIGN(const std::int32_t pages, bus->PartitionCount(kPages));
  EXPECT_EQ(pages, 2);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "log"));
}

// A broker of its own: kawat's topics have their names and no others.
TEST(OpenTest, KafkasTopicsAreMadeOnlyWhenAskedFor) {
  ASSERT_OK_AND_ASSIGN(const auto broker, support::KafkaBroker::Start());
  const base::Shutdown shutdown;
  BusConfig config{.kafka = broker->address(), .partitions = 3};
  const absl::Status missing = Open(config, "", base::SystemClock(), shutdown).status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()), HasSubstr("kawat.pages"));
  config.make_topics = true;
  ASSERT_OK_AND_ASSIGN(const auto bus, Open(config, "", base::SystemClock(), shutdown));
  ASSERT_OK_AND_ASSIGN(const std::int32_t pages, bus->PartitionCount(kPages));
  EXPECT_EQ(pages, 3);
  config.make_topics = false;
  EXPECT_OK(Open(config, "", base::SystemClock(), shutdown));
}

}  // namespace
}  // namespace kawat::bus
