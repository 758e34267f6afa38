#include "services/parse/extract/title.h"

#include <gtest/gtest.h>

namespace kawat::parse::extract {
namespace {

TEST(TitleTest, HeadingThatAgreesWithAnotherWins) {
  const Title title = ChooseTitle({.json_ld = "Harbour opens",
                                   .og = "Harbour opens again | The Outlet",
                                   .heading = "Harbour opens again",
                                   .document = "Harbour - The Outlet",
                                   .site_name = "The Outlet"});
  EXPECT_EQ(title.text, "Harbour opens again");
}

TEST(TitleTest, FallsBackToTheDocumentTitleWithoutTheSite) {
  EXPECT_EQ(ChooseTitle({.document = "Harbour opens again - The Outlet", .site_name = "The Outlet"}).text,
            "Harbour opens again");
}

TEST(TitleTest, AHeadlineThatWasCutIsTheLastChoice) {
  EXPECT_EQ(ChooseTitle({.json_ld = "A very long headline that was …",
                         .og = "A very long headline that was cut off by its template"})
                .text,
            "A very long headline that was cut off by its template");
}

TEST(TitleTest, KeepsDashesThatBelongToTheTitle) {
  EXPECT_EQ(WithoutSiteName("Rain - and then more rain", "The Outlet", ""), "Rain - and then more rain");
  EXPECT_EQ(WithoutSiteName("Rain | Weather | The Outlet", "The Outlet", ""), "Rain | Weather");
  EXPECT_EQ(WithoutSiteName("Rain | Weather | The Outlet", "The Outlet", "Rain"), "Rain");
}

TEST(TitleTest, NothingGivesNothing) { EXPECT_EQ(ChooseTitle({}).text, ""); }

}  // namespace
}  // namespace kawat::parse::extract
