#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "url/url.h"

namespace kawat::url {
namespace {

std::string CanonicalOf(std::string_view text) { return Canonical(text).value(); }

TEST(CanonicalTest, DropsFragmentDefaultPortAndTracking) {
  EXPECT_EQ(CanonicalOf("HTTP://Example.com:80/a?utm_source=x&id=7&FBCLID=1&utm_medium=y#part"),
            "http://example.com/a?id=7");
  EXPECT_EQ(CanonicalOf("https://example.com/a?gclid=1"), "https://example.com/a");
  EXPECT_EQ(CanonicalOf("https://example.com/a?#"), "https://example.com/a");
}

TEST(CanonicalTest, KeepsWhatMaySelectTheContent) {
  for (const char* text :
       {"https://example.com/", "https://example.com:8080/A?b=2&a=1", "http://example.com/a//b/?id=%2F&q",
        "https://example.com/a?ref=1&from=2&source=3&utmost=4"}) {
    EXPECT_EQ(CanonicalOf(text), text);
  }
}

TEST(CanonicalTest, RefusesWhatIsNoUrl) {
  EXPECT_EQ(Canonical("a/b").status().code(), absl::StatusCode::kInvalidArgument);
}

RC_GTEST_PROP(CanonicalPropertyTest, IsIdempotent,
              (const std::string& path, const std::vector<std::string>& parameters)) {
  const std::string text = absl::StrCat("https://example.com/", path, "?utm_a=1&", absl::StrJoin(parameters, "&"));
  if (const absl::StatusOr<std::string> once = Canonical(text); once.ok()) {
    RC_ASSERT(CanonicalOf(*once) == *once);
  }
}

}  // namespace
}  // namespace kawat::url
