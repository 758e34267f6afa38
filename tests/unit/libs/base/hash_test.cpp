#include "base/hash.h"

#include <gtest/gtest.h>

namespace kawat::base {
namespace {

TEST(HashTest, Sha256MatchesFips180Example) {
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(HashTest, Sha256OfPartsIsThatOfTheWhole) {
  Sha256Stream hash;
  hash.Add("a");
  hash.Add("");
  hash.Add("bc");
  EXPECT_EQ(hash.Finish(), Sha256("abc"));
}

TEST(HashTest, XxHash64IsStableSinceItIsStored) {
  EXPECT_EQ(XxHash64(""), 0x2d06800538d394c2U);
  EXPECT_EQ(XxHash64("kawat"), XxHash64(std::string("kawat")));
}

}  // namespace
}  // namespace kawat::base
