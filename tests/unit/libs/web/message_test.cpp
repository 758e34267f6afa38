#include "web/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status.h"

namespace kawat::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MessageTest, DecodesPercentsAndLeavesBrokenOnes) {
  EXPECT_EQ(PercentDecode("/a%20b%2fc%", false), "/a b/c%");
  EXPECT_EQ(PercentDecode("a+b%zz%4", true), "a b%zz%4");
}

TEST(MessageTest, FindsQueryParametersByDecodedName) {
  const Request request{.target = "/s?q=cari+berita&a%62=%3D&flag&q=second"};
  EXPECT_EQ(request.Query("q"), "cari berita");
  EXPECT_EQ(request.Query("ab"), "=");
  EXPECT_EQ(request.Query("flag"), "");
  EXPECT_EQ(request.Query("none"), "");
}

TEST(MessageTest, TakesOriginAndAbsoluteTargets) {
  EXPECT_EQ(PathAndQuery("/a?b"), "/a?b");
  EXPECT_EQ(PathAndQuery("http://h.example"), "/");
  EXPECT_EQ(PathAndQuery("http://h.example:80/x"), "/x");
  EXPECT_EQ(PathAndQuery("h:80"), std::nullopt);
}

TEST(MessageTest, HostIsLowerCaseWithoutPort) {
  EXPECT_EQ(HostOf("News.Example:8080"), "news.example");
  EXPECT_EQ(HostOf("[::1]:80"), "[::1]");
  EXPECT_EQ(HostOf("user@host"), std::nullopt);
}

TEST(MessageTest, AHeaderValueCannotAddAHeader) {
  const Response response{.headers = {{"location", "/x\r\nset-cookie: a=b"}, {"x:y", "1"}, {"x-good", "1"}}};
  const std::string head = FormatHead(response, true, false, absl::UnixEpoch());
  EXPECT_THAT(head, Not(HasSubstr("set-cookie")));
  EXPECT_THAT(head, Not(HasSubstr("x:y")));
  EXPECT_THAT(head, HasSubstr("x-good: 1\r\n"));
  EXPECT_THAT(head, HasSubstr("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"));
}

}  // namespace
}  // namespace kawat::web
