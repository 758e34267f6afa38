#include "url/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/support/status.h"

namespace kawat::url {
namespace {

TEST(UrlTest, HasThePartsThatFetchNeeds) {
  ASSERT_OK_AND_ASSIGN(const Url url, Url::Parse(" HTTPS://WWW.Example.co.id:8443/a b/%C3%A9?q=1&r=ü#part "));
  EXPECT_EQ(url.text(), "https://www.example.co.id:8443/a%20b/%C3%A9?q=1&r=%C3%BC#part");
  EXPECT_EQ(url.scheme(), "https");
  EXPECT_EQ(url.host(), "www.example.co.id");
  EXPECT_EQ(url.port(), 8443);
  EXPECT_EQ(url.host_and_port(), "www.example.co.id:8443");
  EXPECT_EQ(url.path(), "/a%20b/%C3%A9");
  EXPECT_EQ(url.query(), "q=1&r=%C3%BC");
  EXPECT_EQ(url.path_and_query(), "/a%20b/%C3%A9?q=1&r=%C3%BC");
}

TEST(UrlTest, LeavesOutADefaultPort) {
  ASSERT_OK_AND_ASSIGN(const Url url, Url::Parse("http://example.com:80"));
  EXPECT_EQ(url.text(), "http://example.com/");
  EXPECT_EQ(url.port(), 80);
  EXPECT_EQ(url.host_and_port(), "example.com");
}

TEST(UrlTest, WritesHostsInPunycodeAndAddressesInOneForm) {
  EXPECT_EQ(Url::Parse("https://bücher.example/")->host(), "xn--bcher-kva.example");
  EXPECT_EQ(Url::Parse("https://0x7f.1/")->host(), "127.0.0.1");
  EXPECT_EQ(Url::Parse("https://[0:0::1]/")->host(), "[::1]");
}

TEST(UrlTest, RefusesWhatFetchMustNotAsk) {
  for (const char* text : {"", "example.com/a", "/a", "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)",
                           "mailto:a@b.example", "http://", "https://user@example.com/", "https://:secret@example.com/",
                           "http://exa mple.com/", "http://[::1", "http://example.com:99999/"}) {
    EXPECT_EQ(Url::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(UrlTest, RefusesWhatIsTooLongBeforeOrAfterEncoding) {
  const std::string start = "https://example.com/";
  EXPECT_OK(Url::Parse(start + std::string(kMaxUrlBytes - start.size(), 'a')));
  EXPECT_FALSE(Url::Parse(start + std::string(kMaxUrlBytes - start.size() + 1, 'a')).ok());
  EXPECT_FALSE(Url::Parse(start + std::string(kMaxUrlBytes - start.size(), '"')).ok());
}

TEST(UrlTest, ResolvesReferencesAsABrowserDoes) {
  ASSERT_OK_AND_ASSIGN(const Url base, Url::Parse("https://example.com/news/today/index.html?page=2#top"));
  EXPECT_EQ(Url::Resolve("a.html", base)->text(), "https://example.com/news/today/a.html");
  EXPECT_EQ(Url::Resolve("../b?x", base)->text(), "https://example.com/news/b?x");
  EXPECT_EQ(Url::Resolve("//cdn.example.com/c", base)->text(), "https://cdn.example.com/c");
  EXPECT_EQ(Url::Resolve("?page=3", base)->text(), "https://example.com/news/today/index.html?page=3");
  EXPECT_EQ(Url::Resolve("", base)->text(), "https://example.com/news/today/index.html?page=2");
  EXPECT_EQ(Url::Resolve("\n http://other.example/ \t", base)->text(), "http://other.example/");
  EXPECT_FALSE(Url::Resolve("javascript:void(0)", base).ok());
}

TEST(UrlTest, ParsesInManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::vector<int> parsed(4);
  for (int& count : parsed) {
    threads.emplace_back([&count] {
      for (int i = 0; i < 1000; ++i) {
        count += Url::Parse("https://example.com/" + std::to_string(i)).ok() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(parsed, ::testing::Each(1000));
}

RC_GTEST_PROP(UrlPropertyTest, ResolveNeverCrashesAndWhatItGivesParsesToItself, (const std::string& reference)) {
  const Url base = *Url::Parse("https://example.com/a/b?c");
  if (const absl::StatusOr<Url> url = Url::Resolve(reference, base); url.ok()) {
    const absl::StatusOr<Url> again = Url::Parse(url->text());
    RC_ASSERT(again.ok());
    RC_ASSERT(again->text() == url->text());
  }
}

}  // namespace
}  // namespace kawat::url
