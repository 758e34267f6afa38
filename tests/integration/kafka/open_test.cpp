#include "bus/open/open.h"

#include <gmock/gmock.h>

#include "base/clock.h"
#include "tests/support/kafka/broker.h"
#include "tests/support/status.h"

namespace kawat::bus {
namespace {

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

}  // namespace
}  // namespace kawat::bus
