#include "bus/open/open.h"

#include <gmock/gmock.h>

#include "base/clock.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_bus.h"
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
  EXPECT_EQ(PartitionsToMake(config), 4);
}

TEST(BusConfigTest, KafkaHasMorePartitions) {
  ASSERT_OK_AND_ASSIGN(BusConfig config, Parse("[bus]\nkafka = \"a:9092,b:9092\""));
  EXPECT_EQ(config.kafka, "a:9092,b:9092");
  EXPECT_EQ(PartitionsToMake(config), 16);
  EXPECT_EQ(config.replication, 0);
  ASSERT_OK_AND_ASSIGN(config, Parse("[bus]\nkafka = \"a:9092\"\npartitions = 3\nreplication = 2"));
  EXPECT_EQ(PartitionsToMake(config), 3);
  EXPECT_EQ(config.replication, 2);
}

TEST(BusConfigTest, KafkaNamedOnlyAfterTheFileWasReadHasAsMany) {
  ASSERT_OK_AND_ASSIGN(BusConfig config, Parse(""));
  config.kafka = "a:9092";
  EXPECT_EQ(PartitionsToMake(config), 16);
  ASSERT_OK_AND_ASSIGN(config, Parse("[bus]\npartitions = 3"));
  config.kafka = "a:9092";
  EXPECT_EQ(PartitionsToMake(config), 3);
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

TEST(CheckTopicsTest, MissingTopicsAreNamed) {
  support::FakeClock clock;
  support::MemoryBus bus(clock);
  const std::vector<TopicSpec> topics = Topics(2, 1);
  ASSERT_OK(bus.CreateMissingTopics({topics.data(), 2}));
  const absl::Status status = CheckTopics(bus, topics);
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("kawat.pages"));
}

TEST(CheckTopicsTest, ATopicWithMorePartitionsThanAreReadIsRefused) {
  const std::vector<TopicSpec> topics = Topics(1, 1);
  for (const std::string_view name : {kSources, kParsed, kPages}) {
    support::FakeClock clock;
    support::MemoryBus bus(clock);
    const TopicSpec wide{.name = std::string(name), .partitions = 2};
    ASSERT_OK(bus.CreateMissingTopics({&wide, 1}));
    ASSERT_OK(bus.CreateMissingTopics(topics));
    const absl::Status status = CheckTopics(bus, topics);
    if (name == kPages) {
      EXPECT_OK(status);
    } else {
      EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
      EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(name)));
    }
  }
}

TEST(ParseBusConfigTest, BrokersThatAreNoneAreRefused) {
  for (const char* brokers : {"nonsense", "host:", "host:70000", "a:1,b"}) {
    const auto toml = base::Toml::Parse(std::string("[bus]\nkafka = \"") + brokers + "\"\n", "kawat.toml");
    ASSERT_TRUE(toml.ok());
    EXPECT_EQ(ParseBusConfig(*toml).status().code(), absl::StatusCode::kInvalidArgument) << brokers;
  }
}

}  // namespace
}  // namespace kawat::bus
