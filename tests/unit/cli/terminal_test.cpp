#include "cli/terminal.h"

#include <gtest/gtest.h>

namespace kawat::cli {
namespace {

TEST(TerminalTest, ControlCharactersOfTheWebDoNotReachTheTerminal) {
  EXPECT_EQ(ForTerminal("a\x1B[2Jb\rc\x7F"), "a\uFFFD[2Jb\uFFFDc\uFFFD");
  EXPECT_EQ(ForTerminal("a\u009B2Jb\u0080"), "a\uFFFD2Jb\uFFFD");
  EXPECT_EQ(ForTerminal("a\u202Eb\u2066c\u200F"), "a\uFFFDb\uFFFDc\u200F");
}

TEST(TerminalTest, TextStaysAsItIs) {
  EXPECT_EQ(ForTerminal("東京\té © \u00A0\n"), "東京\té © \u00A0\n");
  EXPECT_EQ(ForTerminal("\xC2"), "\xC2");
}

}  // namespace
}  // namespace kawat::cli
