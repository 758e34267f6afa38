#include <gtest/gtest.h>

#include "url/url.h"

namespace kawat::url {
namespace {

TEST(RegistrableDomainTest, IsOneLabelBelowThePublicSuffix) {
  EXPECT_EQ(RegistrableDomain("www.example.co.id"), "example.co.id");
  EXPECT_EQ(RegistrableDomain("a.b.example.com"), "example.com");
  EXPECT_EQ(RegistrableDomain("example.com"), "example.com");
  EXPECT_EQ(RegistrableDomain("WWW.Example.COM."), "example.com");
  EXPECT_EQ(RegistrableDomain("a.b.xn--55qx5d.cn"), "b.xn--55qx5d.cn");
  EXPECT_EQ(RegistrableDomain("me.github.io"), "me.github.io");
}

TEST(RegistrableDomainTest, TakesAnUnknownTopLevelAsASuffix) {
  EXPECT_EQ(RegistrableDomain("www.outlet.example"), "outlet.example");
}

TEST(RegistrableDomainTest, IsTheHostItselfWithoutOne) {
  for (const char* host : {"localhost", "co.id", "com", "127.0.0.1", "10.1.2.3", "[::1]", "[2001:db8::1]", ""}) {
    EXPECT_EQ(RegistrableDomain(host), host);
  }
}

}  // namespace
}  // namespace kawat::url
