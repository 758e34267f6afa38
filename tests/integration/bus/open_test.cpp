#include "bus/open/open.h"

#include <gmock/gmock.h>

#include "base/clock.h"
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

TEST(ParseBusConfigTest, BrokersThatAreNoneAreRefused) {
  for (const char* brokers : {"nonsense", "host:", "host:70000", "a:1,b"}) {
    const auto toml = base::Toml::Parse(std::string("[bus]\nkafka = \"") + brokers + "\"\n", "kawat.toml");
    ASSERT_TRUE(toml.ok());
    EXPECT_EQ(ParseBusConfig(*toml).status().code(), absl::StatusCode::kInvalidArgument) << brokers;
  }
}

// One wrong [bus] each, and what the sentence must name.
TEST(ParseBusConfigTest, SecurityThatCannotWorkIsRefusedByItsKey) {
  const std::pair<const char*, const char*> wrong[] = {
      {"ca_file = 'ca.crt'", "bus.ca_file"},
      {"certificate_file = 'user.crt'\nkey_file = 'user.key'", "bus.certificate_file"},
      {"tls = true\ncertificate_file = 'user.crt'", "key_file"},
      {"tls = true\nkey_file = 'user.key'", "certificate_file"},
      {"sasl_mechanism = 'SCRAM-SHA-1'\nusername = 'a'\npassword_file = 'p'", "SCRAM-SHA-512"},
      {"sasl_mechanism = 'PLAIN'\npassword_file = 'p'", "bus.username"},
      {"sasl_mechanism = 'PLAIN'\nusername = 'a'", "bus.password_file"},
      {"username = 'a'", "sasl_mechanism"},
      {"password_file = 'p'", "sasl_mechanism"},
      {"password = 'secret'", "password_file"},
      {"tls = 'yes'", "true or false"},
  };
  for (const auto& [text, named] : wrong) {
    const absl::Status status = Parse(std::string("[bus]\nkafka = 'a:9093'\n") + text + "\n").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr(named)) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("test.toml")) << text;
  }
}

TEST(ParseBusConfigTest, StrimzisSecretsAreFiles) {
  ASSERT_OK_AND_ASSIGN(const BusConfig config, Parse(R"([bus]
kafka = "a:9093"
tls = true
ca_file = "/ca/ca.crt"
certificate_file = "/user/user.crt"
key_file = "/user/user.key"
sasl_mechanism = "SCRAM-SHA-512"
username = "kawat-fetch"
password_file = "/user/password")"));
  const KafkaSecurity security = KafkaOptionsOf(config).security;
  EXPECT_TRUE(security.tls);
  EXPECT_EQ(security.ca_file, "/ca/ca.crt");
  EXPECT_EQ(security.certificate_file, "/user/user.crt");
  EXPECT_EQ(security.key_file, "/user/user.key");
  EXPECT_EQ(security.sasl_mechanism, "SCRAM-SHA-512");
  EXPECT_EQ(security.username, "kawat-fetch");
  EXPECT_EQ(security.password_file, "/user/password");
}

TEST(OpenTest, AFileOfTheSecurityThatIsNotThereIsNamed) {
  const support::TempFolder folder;
  const base::Shutdown shutdown;
  const std::string absent = (folder.path() / "absent").string();
  for (const KafkaSecurity& security :
       {KafkaSecurity{.tls = true, .ca_file = absent},
        KafkaSecurity{.tls = true, .certificate_file = absent, .key_file = absent},
        KafkaSecurity{.sasl_mechanism = "PLAIN", .username = "a", .password_file = absent}}) {
    const BusConfig config{.kafka = "127.0.0.1:1", .security = security};
    const absl::Status status = Open(config, folder.path(), base::SystemClock(), shutdown).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr(absent));
  }
}

}  // namespace
}  // namespace kawat::bus
