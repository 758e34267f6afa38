#include "services/parse/extract/json_ld.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <optional>

#include "services/parse/extract/page_facts.h"
#include "services/parse/extract/strings.h"
#include "text/text.h"

namespace kawat::parse::extract {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxScriptBytes = 2 << 20;
constexpr std::size_t kMaxDepth = 40;
constexpr std::size_t kMaxObjects = 20'000;

// Control characters inside strings become escapes, unknown escapes lose their backslash, wrappers of old browsers go.
std::string Clean(std::string_view script) {
  script = Trim(script);
  for (const std::string_view wrapper : {"//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "<!--"}) {
    if (script.starts_with(wrapper)) {
      script = Trim(script.substr(wrapper.size()));
    }
  }
  const std::size_t end = script.find_last_of("}]");
  script = script.substr(0, end == std::string_view::npos ? 0 : end + 1);
  while (script.ends_with("]]") && !script.starts_with("[")) {
    script.remove_suffix(1);
  }
  std::string cleaned;
  cleaned.reserve(script.size() + 16);
  bool in_string = false;
  for (std::size_t i = 0; i < script.size(); ++i) {
    const char c = script[i];
    if (in_string && c == '\\') {
      const char next = i + 1 < script.size() ? script[i + 1] : '\0';
      if (std::string_view("\"\\/bfnrtu").find(next) != std::string_view::npos && next != '\0') {
        cleaned += c;
        cleaned += next;
        ++i;
      }
    } else if (c == '"') {
      in_string = !in_string;
      cleaned += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      cleaned += in_string ? (c == '\n' ? "\\n" : " ") : " ";
    } else {
      cleaned += c;
    }
  }
  return cleaned;
}

std::string_view View(const json::string& text) { return {text.data(), text.size()}; }

// A string (its first `limit` bytes), or the first string of an array, or the named member of an object.
std::string Text(const json::value* value, std::string_view member, std::size_t limit, int depth = 0) {
  if (value == nullptr || depth > 4) {
    return "";
  }
  if (const json::string* text = value->if_string()) {
    return DecodeEntities(text::Truncate(View(*text), limit));
  }
  if (const json::array* array = value->if_array()) {
    for (const json::value& item : *array) {
      std::string text = Text(&item, member, limit, depth + 1);
      if (!text.empty()) {
        return text;
      }
    }
  }
  if (const json::object* object = value->if_object()) {
    for (const std::string_view name : {member, std::string_view("@value"), std::string_view("@id")}) {
      const json::value* inner = object->if_contains(json::string_view(name.data(), name.size()));
      if (std::string text = Text(inner, member, limit, depth + 1); !text.empty()) {
        return text;
      }
    }
  }
  return "";
}

const json::value* Find(const json::object& object, std::string_view name) {
  return object.if_contains(json::string_view(name.data(), name.size()));
}

std::string Member(const json::object& object, std::string_view name, std::string_view inner) {
  return Text(Find(object, name), inner, kMaxFactBytes);
}

std::string Member(const json::object& object, std::string_view name) { return Member(object, name, "name"); }

// "NewsArticle" of ["NewsArticle", "Thing"] or "http://schema.org/NewsArticle".
template <class Predicate>
std::optional<std::string> TypeThat(const json::object& object, const Predicate& is_wanted) {
  const json::value* type = Find(object, "@type");
  if (type == nullptr) {
    return std::nullopt;
  }
  const auto check = [&](const json::value& value) -> std::optional<std::string> {
    const json::string* text = value.if_string();
    if (text == nullptr) {
      return std::nullopt;
    }
    std::string_view name = View(*text);
    name.remove_prefix(std::min(name.size(), name.find_last_of("/:") + 1));
    return is_wanted(name) ? std::optional<std::string>(name) : std::nullopt;
  };
  if (const json::array* array = type->if_array()) {
    for (const json::value& item : *array) {
      if (auto found = check(item)) {
        return found;
      }
    }
    return std::nullopt;
  }
  return check(*type);
}

bool IsArticleType(std::string_view type) {
  return type.ends_with("Article") || type.ends_with("BlogPosting") || type == "Report" || type == "Review" ||
         type == "Recipe";
}
bool IsListType(std::string_view type) {
  return type == "CollectionPage" || type == "ItemList" || type == "SearchResultsPage";
}

class Reader {
 public:
  explicit Reader(std::string_view page_url) : page_url_(page_url) {}

  void Read(const json::value& value, std::size_t depth) {
    if (depth > kMaxDepth || ++objects_ > kMaxObjects) {
      return;
    }
    if (const json::array* array = value.if_array()) {
      for (const json::value& item : *array) {
        Read(item, depth + 1);
      }
    } else if (const json::object* object = value.if_object()) {
      ReadObject(*object, depth);
    }
  }

  JsonLdArticle Result() {
    JsonLdArticle result;
    const json::object* best = nullptr;
    int best_score = -1;
    for (const json::object* candidate : articles_) {
      const int score = ScoreOf(*candidate);
      if (score > best_score) {
        best = candidate;
        best_score = score;
      }
    }
    if (best != nullptr) {
      Fill(*best, result);
    } else if (page_ != nullptr) {
      result.date_published = Member(*page_, "datePublished");
      result.date_modified = Member(*page_, "dateModified");
    }
    result.is_list = is_list_;
    return result;
  }

 private:
  void ReadObject(const json::object& object, std::size_t depth) {
    if (const json::value* id = Find(object, "@id");
        id != nullptr && id->if_string() != nullptr && Find(object, "name") != nullptr) {
      by_id_.try_emplace(std::string(View(*id->if_string())), &object);
    }
    if (TypeThat(object, IsArticleType)) {
      articles_.push_back(&object);
    } else if (TypeThat(object, IsListType)) {
      is_list_ = is_list_ || depth <= 2;
    } else if (page_ == nullptr && TypeThat(object, [](std::string_view type) { return type.ends_with("WebPage"); })) {
      page_ = &object;
    }
    for (const auto& member : object) {
      if (member.value().is_object() || member.value().is_array()) {
        Read(member.value(), depth + 1);
      }
    }
  }

  int ScoreOf(const json::object& object) const {
    int score = 0;
    for (const std::string_view name : {"url", "mainEntityOfPage", "@id"}) {
      std::string url = Member(object, name, name == "mainEntityOfPage" ? "@id" : "name");
      url = url.substr(0, url.find('#'));
      score = std::max(score, !url.empty() && page_url_.find(url) != std::string_view::npos && url.size() > 20 ? 8 : 0);
    }
    for (const std::string_view name : {"headline", "datePublished", "author", "articleBody"}) {
      score += Find(object, name) != nullptr ? 1 : 0;
    }
    return score;
  }

  void AddAuthors(const json::value* value, int depth, std::vector<std::string>& authors) const {
    if (value == nullptr || depth > 4 || authors.size() >= 50) {
      return;
    }
    if (const json::string* text = value->if_string()) {
      authors.push_back(DecodeEntities(text::Truncate(View(*text), kMaxFactBytes)));
    } else if (const json::array* array = value->if_array()) {
      for (const json::value& item : *array) {
        AddAuthors(&item, depth + 1, authors);
      }
    } else if (const json::object* object = value->if_object()) {
      if (Find(*object, "name") != nullptr) {
        AddAuthors(Find(*object, "name"), depth + 1, authors);
      } else if (const json::value* id = Find(*object, "@id"); id != nullptr && id->if_string() != nullptr) {
        const auto known = by_id_.find(std::string(View(*id->if_string())));
        AddAuthors(known == by_id_.end() ? nullptr : Find(*known->second, "name"), depth + 1, authors);
      }
    }
  }

  void Fill(const json::object& object, JsonLdArticle& result) const {
    result.found = true;
    result.type = TypeThat(object, IsArticleType).value_or("");
    result.headline = Member(object, "headline");
    if (result.headline.empty()) {
      result.headline = Member(object, "name");
    }
    result.date_published = Member(object, "datePublished");
    result.date_modified = Member(object, "dateModified");
    AddAuthors(Find(object, "author"), 0, result.authors);
    if (result.authors.empty()) {
      AddAuthors(Find(object, "creator"), 0, result.authors);
    }
    result.body = Text(Find(object, "articleBody"), "name", kMaxScriptBytes);
    result.image = Member(object, "image", "url");
    if (result.image.empty()) {
      result.image = Member(object, "thumbnailUrl");
    }
    result.section = Member(object, "articleSection");
    result.language = Member(object, "inLanguage", "alternateName");
    result.publisher = Member(object, "publisher");
  }

  std::string_view page_url_;
  std::vector<const json::object*> articles_;
  std::map<std::string, const json::object*> by_id_;
  const json::object* page_ = nullptr;
  bool is_list_ = false;
  std::size_t objects_ = 0;
};

}  // namespace

JsonLdArticle ReadJsonLd(const std::vector<std::string_view>& scripts, std::string_view page_url) {
  json::monotonic_resource memory;
  json::parse_options options;
  options.max_depth = kMaxDepth;
  options.allow_trailing_commas = true;
  options.allow_comments = true;
  options.allow_invalid_utf8 = true;
  std::vector<json::value> values;
  values.reserve(scripts.size());
  std::size_t bytes = 0;
  for (const std::string_view script : scripts) {
    bytes += script.size();
    if (bytes > kMaxScriptBytes) {
      break;
    }
    const std::string cleaned = Clean(script);
    json::error_code error;
    json::value value = json::parse(json::string_view(cleaned.data(), cleaned.size()), error, &memory, options);
    if (!error) {
      values.push_back(std::move(value));
    }
  }
  Reader reader(page_url);
  for (const json::value& value : values) {
    reader.Read(value, 0);
  }
  return reader.Result();
}

}  // namespace kawat::parse::extract
