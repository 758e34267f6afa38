#include "services/parse/extract/strings.h"

#include <gtest/gtest.h>

namespace kawat::parse::extract {
namespace {

TEST(StringsTest, ReadingLengthCountsCjkTwiceAndWhiteSpaceOnce) {
  EXPECT_EQ(ReadingLength("two  words\n"), 9U);
  EXPECT_EQ(ReadingLength("東京"), 4U);
  EXPECT_EQ(ReadingLength("  \n\t "), 0U);
  EXPECT_EQ(ReadingLength("é"), 1U);
}

TEST(StringsTest, SkeletonForgetsPunctuationAndCase) {
  EXPECT_EQ(Skeleton("“Yes”, she said"), Skeleton("\"YES\" she said"));
  EXPECT_NE(Skeleton("Yes"), Skeleton("No"));
}

TEST(StringsTest, DecodesEntitiesAndLeavesOthersAlone) {
  EXPECT_EQ(DecodeEntities("A &amp; B &#8217;n&#x2019; C"), "A & B ’n’ C");
  EXPECT_EQ(DecodeEntities("AT&T; &nosuch; &#0; &#xD800;&"), "AT&T; &nosuch; &#0; \xEF\xBF\xBD&");
}

TEST(StringsTest, StripTagsBreaksLinesAtBlocks) {
  EXPECT_EQ(StripTags("<p>One <b>two</b></p><p>three</p>"), "\nOne two\n\nthree\n");
  EXPECT_EQ(StripTags("1 < 2 and <unclosed"), "1 < 2 and <unclosed");
}

}  // namespace
}  // namespace kawat::parse::extract
