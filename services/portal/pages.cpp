#include "services/portal/pages.h"

#include <kainjow/mustache.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/portal/relative_time.h"
#include "services/portal/templates.h"

namespace kawat::portal {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;
using kainjow::mustache::object;

constexpr char kLocale[] = "id";

std::string Render(std::string_view title, std::string_view query, const char* content, const data& values) {
  mustache head{std::string(kHead)};
  mustache middle{std::string(content)};
  const data head_values(object{{"title", std::string(title)}, {"query", std::string(query)}});
  return absl::StrCat(head.render(head_values), middle.render(values), kFoot);
}

std::string SentenceOf(Hint hint) {
  switch (hint) {
    case Hint::kNone:
      return "";
    case Hint::kNothing:
      return "Tulis kata, \"frasa persis\", atau saringan seperti lang:id.";
    case Hint::kTooCommon:
      return "Kata ini ada di hampir semua berita. Tambahkan kata yang lebih khas, atau tulis frasa yang lebih panjang "
             "dalam tanda kutip.";
    case Hint::kOnlyExcluded:
      return "Tambahkan kata yang dicari di samping kata yang dikecualikan.";
    case Hint::kPhraseCut:
      return "Frasa ini terlalu panjang: hanya kata-kata pertamanya yang dicari.";
    case Hint::kUnknownFilter:
      return "Ada saringan yang tidak dikenal dan dicari sebagai teks biasa. Yang dikenal: source:, group:, lang:, "
             "site:, after:, before:.";
  }
  return "";
}

// An absent or empty value is false, so that its section is left out.
void SetUnlessEmpty(data& values, const std::string& name, const std::string& value) {
  if (!value.empty()) {
    values.set(name, value);
  }
}

data ToData(const Item& item, absl::Time now) {
  data values(object{{"id", item.id},
                     {"title", item.title},
                     {"source", item.source},
                     {"language", item.language},
                     {"iso_time", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", item.time, absl::UTCTimeZone())},
                     {"relative_time", RelativeTime(item.time, now, kLocale)}});
  SetUnlessEmpty(values, "group", item.group);
  SetUnlessEmpty(values, "snippet", item.snippet);
  SetUnlessEmpty(values, "authors", item.authors);
  SetUnlessEmpty(values, "copyright", item.copyright);
  SetUnlessEmpty(values, "url", item.url);
  return values;
}

std::string PercentEncode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' || c == '~') {
      encoded.push_back(c);
    } else {
      absl::StrAppend(&encoded, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return encoded;
}

}  // namespace

std::string SearchPage(std::string_view query, const Results& results, absl::Time now) {
  data items{list()};
  for (const Item& item : results.items) {
    items << ToData(item, now);
  }
  data values(object{{"items", items}});
  SetUnlessEmpty(values, "hint", SentenceOf(results.hint));
  if (results.items.empty()) {
    values.set("empty", query.empty() ? "Belum ada berita." : "Tidak ada berita yang cocok.");
  }
  if (!results.next_page_token.empty()) {
    values.set("more", absl::StrCat("/?q=", PercentEncode(query), "&page=", PercentEncode(results.next_page_token)));
  }
  return Render(query.empty() ? "Cari Berita" : absl::StrCat(std::string(query), " - Cari Berita"), query, kList,
                values);
}

std::string ArticlePage(const Item& article, const std::vector<Item>& copies, absl::Time now) {
  data values = ToData(article, now);
  data paragraphs{list()};
  for (const std::string& paragraph :
       std::vector<std::string>(absl::StrSplit(article.body, '\n', absl::SkipWhitespace()))) {
    paragraphs << data(object{{"text", paragraph}});
  }
  values.set("paragraphs", paragraphs);
  data others{list()};
  for (const Item& copy : copies) {
    others << ToData(copy, now);
  }
  values.set("has_copies", !copies.empty());
  values.set("copies", others);
  return Render(absl::StrCat(article.title, " - Cari Berita"), "", kArticle, values);
}

std::string ProblemPage(std::string_view query, std::string_view problem) {
  return Render("Cari Berita", query, kProblem, data(object{{"problem", std::string(problem)}}));
}

}  // namespace kawat::portal
