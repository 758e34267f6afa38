#include "telemetry/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/utf8.h"
#include "telemetry/log_format.h"
#include "tests/support/status.h"

namespace kawat::telemetry {
namespace {

constexpr LogLine kLine{.time = absl::UnixEpoch(), .level = "info", .program = "kawat-x", .message = "it happened"};

TEST(LogTest, JsonHasTypedFields) {
  EXPECT_EQ(
      FormatJson(kLine, {{"n", 3}, {"ok", true}, {"took", absl::Milliseconds(1500)}, {"text", "a \"b\"\n\xff日"}}),
      R"({"time":"1970-01-01T00:00:00.000Z","level":"info","program":"kawat-x","message":"it happened","n":3,"ok":true,)"
      R"("took":1.5,"text":"a \"b\"\n?日"})");
}

TEST(LogTest, TextIsOneLineWhateverIsLogged) {
  EXPECT_EQ(
      FormatText(kLine, {{"url", std::string("http://x/\n2026 error forged")}, {"n", 3}, {"at", absl::UnixEpoch()}}),
      "1970-01-01T00:00:00.000Z info  kawat-x: it happened url=\"http://x/\\n2026 error forged\" n=3 "
      "at=1970-01-01T00:00:00.000Z");
}

TEST(LogTest, NothingThatIsLoggedCommandsATerminal) {
  const std::string hostile = "\x1B]0;x\x07\x7F\xC2\x9B\x9B\xED\xA0\x80日";
  const LogLine line{.time = absl::UnixEpoch(), .level = "info", .program = "kawat-x", .message = hostile};
  for (const std::string& text : {FormatText(line, {{"v", hostile}, {"c1", "\xC2\x9B"}, {"raw", "\x9B"}}),
                                  FormatJson(line, {{"v", hostile}, {"c1", "\xC2\x9B"}, {"raw", "\x9B"}})}) {
    EXPECT_TRUE(base::IsValidUtf8(text)) << text;
    EXPECT_EQ(base::ReplaceControls(text, "!"), text);
    EXPECT_THAT(text, testing::HasSubstr(R"("\u001b]0;x\u0007\u007f\u009b????日")"));
  }
}

TEST(LogTest, ConfigurationNamesWhatIsWrong) {
  ASSERT_OK_AND_ASSIGN(const base::Toml good,
                       base::Toml::Parse("[log]\nlevel = \"debug\"\nformat = \"json\"\n", "x.toml"));
  ASSERT_OK_AND_ASSIGN(const LogConfig config, ParseLogConfig(good));
  EXPECT_EQ(config.level, "debug");
  ASSERT_OK_AND_ASSIGN(const base::Toml bad, base::Toml::Parse("[log]\nlevel = \"loud\"\n", "x.toml"));
  EXPECT_EQ(ParseLogConfig(bad).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_OK(InitLog(config, "telemetry_test"));
  Debug("a line", {{"key", "value"}});
}

}  // namespace
}  // namespace kawat::telemetry
