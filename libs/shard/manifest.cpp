#include "shard/manifest.h"

#include <algorithm>
#include <boost/json.hpp>
#include <numeric>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace kawat::shard {
namespace {

namespace json = boost::json;

constexpr std::int64_t kFormat = 1;
constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kMaxTextBytes = 1'000;
constexpr std::size_t kMaxPositions = 10'000;

absl::Status Wrong(std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(
      std::string(kManifestName), " is not what a backup has: ", std::string(what), "; take another backup"));
}

// Members of an object; the first that is missing or of another type is remembered.
class Members {
 public:
  explicit Members(const json::value& value) : object_(value.if_object()) {
    if (object_ == nullptr) {
      Miss("an object");
    }
  }

  std::string Text(std::string_view name) {
    const json::value* value = Find(name);
    const json::string* text = value == nullptr ? nullptr : value->if_string();
    if (text == nullptr || text->size() > kMaxTextBytes) {
      Miss(name);
      return "";
    }
    return {text->data(), text->size()};
  }
  std::int64_t Number(std::string_view name) {
    const json::value* value = Find(name);
    if (value == nullptr || !value->is_int64() || value->get_int64() < 0) {
      Miss(name);
      return 0;
    }
    return value->get_int64();
  }
  const json::array& List(std::string_view name, std::size_t limit) {
    static const json::array kNone;
    const json::value* value = Find(name);
    const json::array* list = value == nullptr ? nullptr : value->if_array();
    if (list == nullptr || list->size() > limit) {
      Miss(name);
      return kNone;
    }
    return *list;
  }
  bool Has(std::string_view name) const { return Find(name) != nullptr; }
  absl::Status status() const {
    return missed_.empty() ? absl::OkStatus() : Wrong(absl::StrCat(missed_, " is missing or out of its limits"));
  }

 private:
  const json::value* Find(std::string_view name) const {
    return object_ == nullptr ? nullptr : object_->if_contains(json::string_view(name.data(), name.size()));
  }
  void Miss(std::string_view name) { missed_ = missed_.empty() ? std::string(name) : missed_; }

  const json::object* object_;
  std::string missed_;
};

bool IsFileName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && name.front() != '.' && name != kManifestName &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
         });
}

absl::StatusOr<File> ParseFile(const json::value& value) {
  Members members(value);
  File file{.name = members.Text("name"),
            .bytes = static_cast<std::uint64_t>(members.Number("bytes")),
            .sha256 = members.Text("sha256")};
  KAWAT_RETURN_IF_ERROR(members.status());
  if (!IsFileName(file.name)) {
    return Wrong("a file's name is none");
  }
  if (file.sha256.size() != 64 || !std::all_of(file.sha256.begin(), file.sha256.end(), [](char c) {
        return absl::ascii_isdigit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'f');
      })) {
    return Wrong(absl::StrCat("the sha256 of ", file.name, " is none"));
  }
  return file;
}

absl::StatusOr<Position> ParsePosition(const json::value& value) {
  Members members(value);
  Position position{.topic = members.Text("topic"), .partition = static_cast<int>(members.Number("partition"))};
  position.cursor.next = members.Number("next");
  position.cursor.log_epoch = static_cast<std::uint32_t>(members.Number("log_epoch"));
  position.cursor.has_record = members.Has("last_record_ms");
  if (position.cursor.has_record) {
    position.cursor.append_time_ms = members.Number("last_record_ms");
  }
  KAWAT_RETURN_IF_ERROR(members.status());
  return position;
}

json::object ToJson(const Position& position) {
  json::object out{{"topic", position.topic},
                   {"partition", position.partition},
                   {"next", position.cursor.next},
                   {"log_epoch", position.cursor.log_epoch}};
  if (position.cursor.has_record) {
    out["last_record_ms"] = position.cursor.append_time_ms;
  }
  return out;
}

}  // namespace

std::uint64_t Manifest::Bytes() const {
  return std::accumulate(files.begin(), files.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const File& file) { return sum + file.bytes; });
}

std::string Encode(const Manifest& manifest) {
  json::array positions;
  for (const Position& position : manifest.summary.positions) {
    positions.push_back(ToJson(position));
  }
  json::array files;
  for (const File& file : manifest.files) {
    files.push_back(json::object{{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  const json::object out{{"format", kFormat},
                         {"shard", manifest.shard.Text()},
                         {"kawat", manifest.kawat},
                         {"made", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", manifest.made, absl::UTCTimeZone())},
                         {"owner", manifest.summary.owner},
                         {"positions", std::move(positions)},
                         {"files", std::move(files)}};
  return json::serialize(out) + "\n";
}

absl::StatusOr<Manifest> ParseManifest(std::string_view text) {
  if (text.size() > kMaxManifestBytes) {
    return Wrong("it is too long");
  }
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) {
    return Wrong("no JSON");
  }
  Members members(value);
  if (members.Number("format") > kFormat) {
    return absl::FailedPreconditionError("the backup was written by a newer kawat: restore it with that one");
  }
  Manifest manifest{.kawat = members.Text("kawat")};
  const std::string shard = members.Text("shard");
  const std::string made = members.Text("made");
  manifest.summary.owner = members.Text("owner");
  const json::array& positions = members.List("positions", kMaxPositions);
  const json::array& files = members.List("files", kMaxFiles);
  KAWAT_RETURN_IF_ERROR(members.status());
  KAWAT_ASSIGN_OR_RETURN(manifest.shard, ParseName(shard));
  std::string why;
  if (!absl::ParseTime(absl::RFC3339_full, made, &manifest.made, &why)) {
    return Wrong("made is no time");
  }
  for (const json::value& position : positions) {
    KAWAT_ASSIGN_OR_RETURN(manifest.summary.positions.emplace_back(), ParsePosition(position));
  }
  std::set<std::string> names;
  for (const json::value& each : files) {
    KAWAT_ASSIGN_OR_RETURN(File file, ParseFile(each));
    if (!names.insert(file.name).second) {
      return Wrong(absl::StrCat(file.name, " is listed twice"));
    }
    manifest.files.push_back(std::move(file));
  }
  if (!names.contains("CURRENT")) {
    return Wrong("the file CURRENT is not listed");
  }
  return manifest;
}

}  // namespace kawat::shard
