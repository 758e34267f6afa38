#include "services/newsroom/pages.h"

#include <boost/json.hpp>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/files.h"
#include "base/status.h"

namespace kawat::newsroom {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxGoldBytes = std::size_t{256} << 20;
constexpr std::size_t kMaxPageBytes = std::size_t{20} << 20;
constexpr std::string_view kFeedPath = "/kawat-newsroom-feed.xml";

std::string Text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

// "www.example.com" to "www-example-com".
std::string SourceId(const std::string& host) {
  std::string id;
  for (const char c : host) {
    id.push_back(absl::ascii_isalnum(static_cast<unsigned char>(c)) ? c : '-');
  }
  return id.substr(0, 64);
}

class Loader {
 public:
  explicit Loader(std::filesystem::path folder) : folder_(std::move(folder)) { world_.pages = true; }

  absl::StatusOr<World> Load() {
    const std::filesystem::path gold = folder_ / "gold.jsonl";
    KAWAT_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(gold, kMaxGoldBytes));
    int line_number = 0;
    const std::vector<std::string> lines = absl::StrSplit(text, '\n');
    for (const std::string& line : lines) {
      ++line_number;
      if (line.find_first_not_of(" \t\r") != std::string::npos) {
        KAWAT_RETURN_IF_ERROR(base::Annotate(AddLine(line), absl::StrCat(gold.string(), ":", line_number)));
      }
    }
    if (world_.resources.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(gold.string(), ": no page in it"));
    }
    return std::move(world_);
  }

 private:
  absl::Status AddLine(const std::string& line) {
    boost::system::error_code error;
    const json::value value = json::parse(line, error);
    if (error || !value.is_object()) {
      return absl::InvalidArgumentError("not a JSON object");
    }
    const json::object& object = value.as_object();
    const std::string page = Text(object, "page");
    std::string url = Text(object, "url");
    url = url.substr(0, url.find('#'));
    if (page.empty() || absl::StrContains(page, "..") ||
        (!url.starts_with("http://") && !url.starts_with("https://"))) {
      return absl::InvalidArgumentError("needs \"page\", a file name, and \"url\", an http(s) URL");
    }
    if (!seen_.insert(absl::StrCat(HostOf(url), TargetOf(url))).second) {
      return absl::OkStatus();
    }
    KAWAT_ASSIGN_OR_RETURN(std::string body, base::ReadFile(folder_ / "pages" / page, kMaxPageBytes));
    Resource resource;
    resource.url = url;
    resource.outlet = SourceOf(object, url);
    resource.reply.content_type = "text/html";  // pages name their encoding themselves
    resource.reply.content_encoding = page.ends_with(".gz") ? "gzip" : "";
    resource.reply.body = std::move(body);
    const std::string title = Text(object, "title");
    world_.outlets[resource.outlet].extra_entries.push_back({url, title});
    world_.resources.push_back(std::move(resource));
    return absl::OkStatus();
  }

  int SourceOf(const json::object& object, const std::string& url) {
    const std::string host = HostOf(url);
    const auto [at, fresh] = by_host_.emplace(host, static_cast<int>(world_.outlets.size()));
    if (fresh) {
      const std::string source = Text(object, "source");
      Outlet outlet;
      outlet.host = host;
      outlet.id = SourceId(host);
      outlet.name = source.empty() ? host : source;
      outlet.group = Text(object, "group");
      outlet.validators = Validators::kEtag;
      outlet.max_depth = -1;
      outlet.feed_url = absl::StrCat(url.substr(0, url.find("://") + 3), host, std::string(kFeedPath));
      Resource feed;
      feed.url = outlet.feed_url;
      feed.kind = Kind::kFeed;
      feed.outlet = at->second;
      world_.outlets.push_back(std::move(outlet));
      world_.resources.push_back(std::move(feed));
    }
    return at->second;
  }

  std::filesystem::path folder_;
  World world_;
  std::set<std::string> seen_;
  std::map<std::string, int> by_host_;
};

}  // namespace

absl::StatusOr<World> LoadPages(const std::filesystem::path& folder) { return Loader(folder).Load(); }

}  // namespace kawat::newsroom
