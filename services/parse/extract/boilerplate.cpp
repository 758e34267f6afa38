#include "services/parse/extract/boilerplate.h"

#include <algorithm>
#include <array>

#include "services/parse/extract/strings.h"

namespace kawat::parse::extract {
namespace {

constexpr std::size_t kMaxLineLength = 300;

// The whole line, without case and a final colon.
constexpr auto kWhole = std::to_array<std::string_view>({"advertisement",
                                                         "advertising",
                                                         "ad",
                                                         "ads",
                                                         "werbung",
                                                         "anzeige",
                                                         "publicidad",
                                                         "publicité",
                                                         "publicidade",
                                                         "pubblicità",
                                                         "iklan",
                                                         "annonse",
                                                         "annons",
                                                         "reklame",
                                                         "reklama",
                                                         "広告",
                                                         "スポンサーリンク",
                                                         "广告",
                                                         "advertisement - scroll to continue",
                                                         "scroll to continue",
                                                         "article continues below",
                                                         "story continues below",
                                                         "continue reading",
                                                         "read more",
                                                         "read full story",
                                                         "show more",
                                                         "load more",
                                                         "share",
                                                         "share this article",
                                                         "share this",
                                                         "teilen",
                                                         "partager",
                                                         "compartir",
                                                         "bagikan",
                                                         "comments",
                                                         "kommentare",
                                                         "komentar",
                                                         "related",
                                                         "related articles",
                                                         "related stories",
                                                         "related news",
                                                         "related topics",
                                                         "topics",
                                                         "tags",
                                                         "more on this story",
                                                         "most read",
                                                         "recommended",
                                                         "you may also like",
                                                         "artikel terkait",
                                                         "berita terkait",
                                                         "関連記事",
                                                         "関連ニュース",
                                                         "相关阅读",
                                                         "loading...",
                                                         "print",
                                                         "email",
                                                         "save",
                                                         "copy link",
                                                         "copied",
                                                         "link copied",
                                                         "listen",
                                                         "watch",
                                                         "image",
                                                         "getty images",
                                                         "reuters/file photo",
                                                         "follow us",
                                                         "newsletter",
                                                         "subscribe",
                                                         "sign up",
                                                         "log in",
                                                         "dpa",
                                                         "media caption",
                                                         "image source"});

// The line begins with it; believed of short lines only.
constexpr auto kPrefixes = std::to_array<std::string_view>({"read more:",
                                                            "read more |",
                                                            "read also",
                                                            "also read",
                                                            "read:",
                                                            "read next:",
                                                            "more:",
                                                            "related:",
                                                            "related article",
                                                            "see also",
                                                            "watch:",
                                                            "watch now:",
                                                            "watch |",
                                                            "watch the video",
                                                            "listen:",
                                                            "recommended:",
                                                            "trending:",
                                                            "don't miss:",
                                                            "dont miss:",
                                                            "lesen sie auch",
                                                            "lesen sie hier",
                                                            "lesen sie mehr",
                                                            "lesen sie dazu",
                                                            "mehr zum thema",
                                                            "auch interessant",
                                                            "mehr dazu:",
                                                            "lees ook",
                                                            "lire aussi",
                                                            "à lire aussi",
                                                            "a lire aussi",
                                                            "lire également",
                                                            "leer también",
                                                            "lea también",
                                                            "lee también",
                                                            "te puede interesar",
                                                            "leia também",
                                                            "leia mais",
                                                            "veja também",
                                                            "leggi anche",
                                                            "baca juga",
                                                            "baca:",
                                                            "baca selengkapnya",
                                                            "simak juga",
                                                            "lihat juga",
                                                            "pilihan editor",
                                                            "関連記事",
                                                            "あわせて読みたい",
                                                            "【関連",
                                                            "【写真",
                                                            "läs också",
                                                            "läs mer",
                                                            "les også",
                                                            "læs også",
                                                            "czytaj także",
                                                            "czytaj też",
                                                            "zobacz także",
                                                            "читайте также",
                                                            "相关阅读",
                                                            "延伸阅读",
                                                            "xem thêm",
                                                            "okuyun:",
                                                            "ayrıca okuyun",
                                                            "advertisement",
                                                            "sign up for",
                                                            "sign up to",
                                                            "subscribe to",
                                                            "subscribe now",
                                                            "follow us on",
                                                            "follow our",
                                                            "click here to",
                                                            "click here for",
                                                            "join our",
                                                            "join us on",
                                                            "download our",
                                                            "download the",
                                                            "get our",
                                                            "get the latest",
                                                            "photo:",
                                                            "photos:",
                                                            "foto:",
                                                            "fotos:",
                                                            "image:",
                                                            "bild:",
                                                            "bilder:",
                                                            "picture:",
                                                            "pictured:",
                                                            "(photo by",
                                                            "(photo:",
                                                            "(image:",
                                                            "photo by",
                                                            "photo credit",
                                                            "image credit",
                                                            "写真：",
                                                            "（写真：",
                                                            "story continues",
                                                            "article continues",
                                                            "our journalism needs your support",
                                                            "copy this url",
                                                            "ikuti kami",
                                                            "got a story",
                                                            "do you have a story",
                                                            "have you got a story",
                                                            "for more stories like this",
                                                            "dapatkan update berita"});

// Somewhere in a short line with a link.
constexpr auto kWithLink = std::to_array<std::string_view>(
    {"newsletter", "subscribe", "sign up", "whatsapp", "telegram", "facebook page", "follow ", "abonnieren",
     "read more", "click here", "google news", "here's how", "our app", "podcast"});

}  // namespace

bool IsBoilerplate(std::string_view text, bool has_link) {
  const std::size_t length = ReadingLength(text);
  if (length > kMaxLineLength) {
    return false;
  }
  std::string_view whole = text;
  while (!whole.empty() && (whole.back() == ':' || whole.back() == '.' || whole.back() == ' ')) {
    whole.remove_suffix(1);
  }
  if (std::any_of(kWhole.begin(), kWhole.end(),
                  [&](std::string_view line) { return EqualsIgnoringCase(whole, line); })) {
    return true;
  }
  std::string_view start = text;
  while (!start.empty() && (ContainsAny(start.substr(0, 1), {">", "*", "-", "[", "+", "|", " "}))) {
    start.remove_prefix(1);
  }
  if (length < 200 && std::any_of(kPrefixes.begin(), kPrefixes.end(),
                                  [&](std::string_view prefix) { return StartsWithIgnoringCase(start, prefix); })) {
    return true;
  }
  return has_link && length < 250 && std::any_of(kWithLink.begin(), kWithLink.end(), [&](std::string_view part) {
           return ContainsIgnoringCase(text, part);
         });
}

}  // namespace kawat::parse::extract
