#include "services/parse/extract/classify.h"

#include "services/parse/extract/strings.h"

namespace kawat::parse::extract {
namespace {

using article::Reason;

constexpr std::size_t kMinWords = 25;
constexpr std::size_t kMinCjk = 100;
constexpr std::size_t kMinDeclaredWords = 10;
constexpr std::size_t kMinDeclaredCjk = 30;

bool Declared(const Evidence& evidence) {
  const std::string_view type = evidence.facts.Meta({"og:type"});
  return evidence.json_ld.found || EqualsIgnoringCase(type, "article") || EqualsIgnoringCase(type, "newsarticle") ||
         !evidence.facts.Meta({"article:published_time"}).empty();
}

bool IsFrontPage(const url::Url& url) {
  const std::string_view path = url.path();
  return path.empty() || path == "/" || path == "/index.html" || path == "/index.php" || path == "/index.htm";
}

// Headlines as links outweigh the prose.
bool IsListOfLinks(const Evidence& evidence, bool declared) {
  const Body& body = evidence.body;
  const bool many = body.link_lines >= (declared ? 15 : 5);
  const double factor = declared ? 4.0 : 1.0;
  const bool links_outweigh =
      static_cast<double>(body.link_lines_length) > factor * static_cast<double>(body.prose_length);
  const bool headlines_between =
      body.headlines >= (declared ? 8 : 4) &&
      static_cast<std::size_t>(body.headlines) * (declared ? 1 : 2) >= body.paragraphs.size();
  return (many && links_outweigh) || headlines_between;
}

// Bytes that are no text: control characters and what could not be decoded are more than one in fifty. Prose has next
// to none.
bool IsNoise(const std::vector<std::string>& paragraphs) {
  std::size_t characters = 0;
  std::size_t noise = 0;
  for (const std::string_view paragraph : paragraphs) {
    for (std::size_t i = 0; i < paragraph.size(); ++i) {
      const auto byte = static_cast<unsigned char>(paragraph[i]);
      if ((byte & 0xC0U) == 0x80U) {
        continue;  // inside a character
      }
      ++characters;
      const bool control =
          (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F ||
          (byte == 0xC2 && i + 1 < paragraph.size() && static_cast<unsigned char>(paragraph[i + 1]) < 0xA0);
      noise += control || paragraph.substr(i, 3) == "\uFFFD" ? 1 : 0;
    }
  }
  return noise * 50 > characters;
}

}  // namespace

Verdict Classify(const Evidence& evidence) {
  if (IsNoise(evidence.body.paragraphs)) {
    return {Reason::kNoText, "bytes that are no text"};
  }
  const bool declared = Declared(evidence);
  const std::string_view type = evidence.facts.Meta({"og:type"});
  if (IsFrontPage(evidence.url) && evidence.url.query().empty() && !evidence.json_ld.found) {
    return {Reason::kIndexPage, "a front page"};
  }
  if (evidence.json_ld.is_list && !evidence.json_ld.found && !evidence.announced) {
    return {Reason::kIndexPage, "it calls itself a collection"};
  }
  const bool enough = evidence.words.words >= (declared ? kMinDeclaredWords : kMinWords) ||
                      evidence.words.cjk_characters >= (declared ? kMinDeclaredCjk : kMinCjk);
  if (IsListOfLinks(evidence, declared || evidence.announced)) {
    return {Reason::kIndexPage, "headlines that are links outweigh the text"};
  }
  const bool links_outweigh = evidence.body.link_lines_length > evidence.body.prose_length;
  if (!enough && !declared && (links_outweigh || EqualsIgnoringCase(type, "website"))) {
    return {Reason::kIndexPage, "a list of links, or of nothing yet"};
  }
  if (!evidence.has_title) {
    return {Reason::kNoText, "no title"};
  }
  if (!enough) {
    return {Reason::kNoText, "too little text to be an article"};
  }
  if (EqualsIgnoringCase(type, "website") && !declared && evidence.body.link_lines >= 10 &&
      evidence.body.link_lines_length * 2 > evidence.body.prose_length && !evidence.announced) {
    return {Reason::kIndexPage, "og:type is website, and half of it is links"};
  }
  return {};
}

}  // namespace kawat::parse::extract
