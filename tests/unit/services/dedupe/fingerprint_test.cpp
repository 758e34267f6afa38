#include "services/dedupe/fingerprint.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace kawat::dedupe {
namespace {

constexpr char kBody[] =
    "The central bank kept its benchmark rate unchanged on Tuesday, saying that inflation had eased faster than "
    "expected.\n"
    "Analysts polled last week had been divided over whether the board would move before the end of the year.";

article::Article With(std::string body, std::string agency = "", std::string copyright = "") {
  return {
      .title = "Rates kept", .body = std::move(body), .agency = std::move(agency), .copyright = std::move(copyright)};
}

TEST(FingerprintTest, IgnoresCaseBlanksAndQuotes) {
  const Fingerprint one = FingerprintOf(With(absl::StrCat(kBody, " He said \"no\".")));
  const Fingerprint other = FingerprintOf(With(absl::StrCat(kBody, "  he said \u201Cno\u201D.")));
  EXPECT_EQ(one, other);
}

TEST(FingerprintTest, TheTitleIsContentButNotBody) {
  article::Article changed = With(kBody);
  changed.title = "Rates kept again";
  EXPECT_NE(FingerprintOf(With(kBody)).content, FingerprintOf(changed).content);
  EXPECT_EQ(FingerprintOf(With(kBody)).body, FingerprintOf(changed).body);
}

TEST(FingerprintTest, TheBodyIsComparedWithoutItsCredit) {
  const std::string body = FingerprintOf(With(kBody)).body;
  EXPECT_EQ(
      FingerprintOf(With(absl::StrCat(kBody, "\n© Thomson Reuters 2025."), "Reuters", "© Thomson Reuters 2025.")).body,
      body);
  EXPECT_EQ(FingerprintOf(With(absl::StrCat(kBody, "\nCopyright 2026 Agence Kawat. All rights reserved."))).body, body);
  EXPECT_EQ(FingerprintOf(With(absl::StrCat(kBody, "\nSource: Reuters"), "Reuters")).body, body);
  EXPECT_EQ(FingerprintOf(With(absl::StrCat("Reuters\n", kBody), "Reuters")).body, body);
}

TEST(FingerprintTest, ASentenceThatNamesTheAgencyStays) {
  const std::string longer =
      absl::StrCat(kBody, "\nThe minister told Reuters that the decision had been expected by most people.");
  EXPECT_NE(FingerprintOf(With(longer, "Reuters")).body, FingerprintOf(With(kBody, "Reuters")).body);
}

TEST(FingerprintTest, ShortBodiesAreNotCompared) {
  std::string words = "w0";
  for (std::size_t i = 1; i < kMinWords - 1; ++i) {
    absl::StrAppend(&words, " w", i);
  }
  EXPECT_EQ(FingerprintOf(With(words)).body, "");
  EXPECT_NE(FingerprintOf(With(absl::StrCat(words, " more"))).body, "");
  std::string cjk;
  for (std::size_t i = 0; i < kMinCjkCharacters - 1; ++i) {
    cjk += "東";
  }
  EXPECT_EQ(FingerprintOf(With(cjk)).body, "");
  EXPECT_NE(FingerprintOf(With(cjk + "京")).body, "");
}

}  // namespace
}  // namespace kawat::dedupe
