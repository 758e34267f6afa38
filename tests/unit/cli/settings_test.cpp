#include "cli/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "tests/support/status.h"

namespace kawat::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(SettingsTest, EveryKeyThatAProgramReadsIsExplainedAndNoOther) {
  const absl::StatusOr<std::vector<Setting>> settings = AllSettings();
  ASSERT_OK(settings);
  for (const Setting& setting : *settings) {
    EXPECT_FALSE(setting.meaning.empty()) << setting.key;
    EXPECT_FALSE(setting.type.empty()) << setting.key;
  }
}

TEST(SettingsTest, TheDocumentationHasThisTable) {
  ASSERT_OK_AND_ASSIGN(const std::string document, base::ReadFile("docs/operations.md", 1 << 20));
  ASSERT_OK_AND_ASSIGN(const std::vector<Setting> settings, AllSettings());
  EXPECT_NE(document.find(SettingsAsMarkdown(settings)), std::string::npos)
      << "docs/operations.md must have what `kawat config explain --markdown` prints";
}

TEST(SettingsTest, ASettingHasTheDefaultThatItsParserHas) {
  ASSERT_OK_AND_ASSIGN(const std::vector<Setting> delay, FindSettings("fetch.delay"));
  ASSERT_THAT(delay, SizeIs(1));
  EXPECT_EQ(delay[0].type, "duration");
  EXPECT_EQ(delay[0].default_value, "\"1s\"");
}

TEST(SettingsTest, ATableIsExplainedWhole) {
  ASSERT_OK_AND_ASSIGN(const std::vector<Setting> log, FindSettings("log"));
  EXPECT_THAT(log, SizeIs(2));
  ASSERT_OK_AND_ASSIGN(const std::vector<Setting> sources, FindSettings("sources"));
  EXPECT_GT(sources.size(), 10U);
}

TEST(SettingsTest, AnUnknownKeyNamesTheNearest) {
  const absl::Status status = FindSettings("fetch.dely").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("\"fetch.delay\""));
  EXPECT_EQ(FindSettings("fet").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace kawat::cli
