#include "services/newsroom/writer.h"

#include <gtest/gtest.h>

#include <set>

namespace kawat::newsroom {
namespace {

std::size_t Words(const std::string& text) {
  std::size_t words = 1;
  for (const char c : text) {
    words += c == ' ' ? 1 : 0;
  }
  return words;
}

std::size_t Characters(const std::string& text) {
  std::size_t characters = 0;
  for (const char c : text) {
    characters += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  }
  return characters;
}

TEST(RandomTest, SequencesOfNeighbouringNumbersDoNotOverlap) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t number = 0; number < 50; ++number) {
    Random random = Random::For(1, "test", number);
    for (int i = 0; i < 50; ++i) {
      EXPECT_TRUE(seen.insert(random.Next()).second);
    }
  }
}

TEST(RandomTest, TheFirstNumbersOfASeedNeverChange) {
  Random random(1234567);
  EXPECT_EQ(random.Next(), 6457827717110365317ULL);  // the reference implementation's
  EXPECT_EQ(random.Next(), 3203168211198807973ULL);
}

TEST(WriterTest, EveryStoryIsLongEnoughToBeAnArticle) {
  for (const Vocabulary* vocabulary : {&Indonesian(), &English(), &Japanese()}) {
    Random random(7);
    for (int i = 0; i < 200; ++i) {
      const Content story = WriteStory(random, *vocabulary);
      ASSERT_GE(story.paragraphs.size(), 5U);
      EXPECT_EQ(story.Body().find_first_of("{}"), std::string::npos) << story.Body();
      EXPECT_EQ(story.title.find_first_of("{}"), std::string::npos) << story.title;
      for (const std::string& paragraph : story.paragraphs) {
        if (vocabulary->language == "ja") {
          EXPECT_GE(Characters(paragraph), 80U) << paragraph;
        } else {
          EXPECT_GE(Words(paragraph), 30U) << paragraph;
        }
      }
    }
  }
}

TEST(WriterTest, ARevisionDiffers) {
  Random random(8);
  const Content first = WriteStory(random, Japanese());
  for (int i = 0; i < 100; ++i) {
    EXPECT_NE(Revise(random, Japanese(), first), first);
  }
}

TEST(WriterTest, ASlugIsAsciiWithHyphens) {
  EXPECT_EQ(Slug("\"It was time\": Port & Linden!"), "it-was-time-port-linden");
  EXPECT_EQ(Slug("青森市"), "");
}

}  // namespace
}  // namespace kawat::newsroom
