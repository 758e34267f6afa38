#include "services/parse/extract/credit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kawat::parse::extract {
namespace {

using ::testing::ElementsAre;

std::string AgencyOf(std::vector<std::string> paragraphs) { return FindCredit(paragraphs, {}).agency; }

TEST(CreditTest, TheCopyrightLineLeavesTheBody) {
  std::vector<std::string> paragraphs = {"A first paragraph.", "A last one.", "© Thomson Reuters 2025."};
  const Credit credit = FindCredit(paragraphs, {});
  EXPECT_EQ(credit.agency, "Reuters");
  EXPECT_EQ(credit.copyright, "© Thomson Reuters 2025.");
  EXPECT_THAT(paragraphs, ElementsAre("A first paragraph.", "A last one."));
}

TEST(CreditTest, DatelinesNameTheAgency) {
  EXPECT_EQ(AgencyOf({"LONDON, March 3 (Reuters) - Ships came in."}), "Reuters");
  EXPECT_EQ(AgencyOf({"MANILA, Philippines (AP) — Ships came in."}), "AP");
  EXPECT_EQ(AgencyOf({"Berlin (dpa/lno) - Schiffe kamen an."}), "dpa");
  EXPECT_EQ(AgencyOf({"Jakarta (ANTARA) - Kapal datang."}), "ANTARA");
  EXPECT_EQ(AgencyOf({"【ワシントン共同】船が着いた。"}), "Kyodo");
  EXPECT_EQ(AgencyOf({"［ロンドン　３日　ロイター］ - 船が着いた。"}), "Reuters");
  EXPECT_EQ(AgencyOf({"新华社北京3月3日电 船只抵达。"}), "Xinhua");
}

TEST(CreditTest, LastLinesNameTheAgency) {
  EXPECT_EQ(AgencyOf({"Ships came in.", "(Reporting by Ana Sari; Editing by Ben Oto)"}), "Reuters");
  EXPECT_EQ(AgencyOf({"Ships came in.", "Source: AFP"}), "AFP");
  EXPECT_EQ(AgencyOf({"船が着いた。（時事）"}), "Jiji");
  EXPECT_EQ(AgencyOf({"Ships came in.", "Associated Press"}), "AP");
}

TEST(CreditTest, BylinesNameTheAgency) {
  std::vector<std::string> paragraphs = {"Ships came in."};
  EXPECT_EQ(FindCredit(paragraphs, {"Agence France-Presse"}).agency, "AFP");
}

TEST(CreditTest, AMentionIsNoCredit) {
  EXPECT_EQ(
      AgencyOf({"The minister told Bloomberg (in London) that ships came.", "He also spoke to Reuters and the AFP."}),
      "");
  EXPECT_EQ(AgencyOf({"APEC leaders met in Kyodo Street."}), "");
}

TEST(CreditTest, ABodyOfOneLineKeepsIt) {
  std::vector<std::string> paragraphs = {"© 2025 Outlet"};
  EXPECT_EQ(FindCredit(paragraphs, {}).copyright, "");
  EXPECT_EQ(paragraphs.size(), 1U);
}

}  // namespace
}  // namespace kawat::parse::extract
