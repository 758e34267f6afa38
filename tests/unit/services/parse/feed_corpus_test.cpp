// The feeds of feedparser's tests: none ends the process, and what names an entry with a URL gives one.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "services/parse/feed.h"

namespace kawat::parse {
namespace {

constexpr char kFolder[] = "../shared/corpus/feeds";

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// What the file's leading comment says of the first entry's link; empty if nothing.
std::string ExpectedLink(const std::string& bytes) {
  for (const std::string key : {"entries[0]['link'] == '", "entries[0]['links'][0]['href'] == '"}) {
    if (const std::size_t at = bytes.find(key + "http"); at != std::string::npos) {
      const std::size_t begin = at + key.size();
      return bytes.substr(begin, bytes.find('\'', begin) - begin);
    }
  }
  return {};
}

TEST(FeedCorpusTest, EveryFileIsReadAndEntriesWithLinksAreFound) {
  if (!std::filesystem::exists(kFolder)) {
    GTEST_SKIP() << kFolder << " is absent";
  }
  const url::Url base = *url::Url::Parse("http://127.0.0.1:8097/feed.xml");
  int files = 0;
  int with_link = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    if (entry.path().extension() != ".xml") {
      continue;
    }
    ++files;
    const std::string bytes = ReadFile(entry.path());
    const absl::StatusOr<Feed> feed = ParseFeed(bytes, "application/xml", base);
    if (entry.path().string().find("/wellformed/") == std::string::npos) {
      continue;
    }
    EXPECT_TRUE(feed.ok()) << entry.path() << ": " << feed.status();
    EXPECT_TRUE(LooksLikeFeed(bytes, "text/html")) << entry.path();
    const bool needs_header =
        entry.path().filename().string().find("content_location") != std::string::npos;  // Content-Location: not read
    const std::string link = ExpectedLink(bytes);
    if (!needs_header && !link.empty()) {
      ++with_link;
      ASSERT_TRUE(feed.ok() && !feed->entries.empty()) << entry.path();
      EXPECT_EQ(feed->entries[0].url, url::Url::Parse(link)->text()) << entry.path();
    }
  }
  EXPECT_GT(files, 300);
  EXPECT_GE(with_link, 5);
}

}  // namespace
}  // namespace kawat::parse
