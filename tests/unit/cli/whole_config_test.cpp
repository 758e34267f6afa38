#include "cli/whole_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/status.h"

namespace kawat::cli {
namespace {

using ::testing::HasSubstr;

base::Toml File(const std::string& text) { return *base::Toml::Parse(text, "kawat.toml"); }

// A program of its own reads the file alone: each must see a typing mistake in what it shares with others.
template <class Config>
void ExpectRefused(absl::StatusOr<Config> (*parse)(const base::Toml&), const std::string& own_table) {
  SCOPED_TRACE(own_table);
  EXPECT_OK(parse(File("[resolve]\n[log]\nlevel = \"info\"\n")));
  const auto code = [parse](const std::string& text) { return parse(File(text)).status().code(); };
  EXPECT_EQ(code("dat = \"/var/lib/kawat\"\n"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("data = 5\n"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(own_table + " = 3\n"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("[" + own_table + "]\ngprc = \":1\"\n"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("[" + own_table + "x]\n"), absl::StatusCode::kInvalidArgument);
}

TEST(WholeConfigTest, EachProgramRefusesWhatNoneReads) {
  ExpectRefused(fetch::ParseConfig, "fetch");
  ExpectRefused(parse::ParseConfig, "parse");
  ExpectRefused(dedupe::ParseConfig, "dedupe");
  ExpectRefused(store::ParseConfig, "store");
  ExpectRefused(portal::ParseConfig, "portal");
}

TEST(WholeConfigTest, AFileOfANewerFormatIsRefused) {
  EXPECT_OK(ParseWholeConfig(File("version = 1\n")));
  const absl::Status newer = store::ParseConfig(File("version = 2\n")).status();
  EXPECT_EQ(newer.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(newer.message()), HasSubstr("kawat.toml:1: version is 2"));
  EXPECT_EQ(ParseWholeConfig(File("version = 0\n")).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(WholeConfigTest, AnAddressThatIsNoneIsRefused) {
  EXPECT_EQ(store::ParseConfig(File("[store]\ngrpc = \"nowhere\"\n")).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(fetch::ParseConfig(File("[fetch]\nmetrics = \"127.0.0.1:99999\"\n")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(WholeConfigTest, TheNearestKnownTableIsNamed) {
  const absl::Status status = ParseWholeConfig(File("[stroe]\n")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("\"store\""));
}

TEST(WholeConfigTest, DataIsEveryServices) {
  ASSERT_OK_AND_ASSIGN(WholeConfig config, ParseWholeConfig(File("data = \"/srv\"\n[parse]\nthreads = 3\n")));
  EXPECT_EQ(config.data, "/srv");
  EXPECT_EQ(config.fetch.data, "/srv");
  EXPECT_EQ(config.parse.threads, 3);
  SetData(config, "/other");
  EXPECT_EQ(config.data, "/other");
  EXPECT_EQ(config.store.data, "/other");
}

}  // namespace
}  // namespace kawat::cli
