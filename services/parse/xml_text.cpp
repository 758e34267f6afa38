#include "services/parse/xml_text.h"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <utility>

#include "html/encoding.h"

namespace kawat::parse {
namespace {

constexpr std::size_t kSniffedBytes = 4096;

// The name in <?xml encoding="...">; of UTF-16 without a mark the declaration's own form tells it.
std::string DeclaredEncoding(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("<\0?\0"sv)) {
    return "utf-16le";
  }
  if (bytes.starts_with("\0<\0?"sv)) {
    return "utf-16be";
  }
  const std::string_view start = bytes.substr(0, kSniffedBytes);
  const std::size_t declaration = start.find("<?xml ");
  const std::string_view inner = declaration == std::string_view::npos
                                     ? ""
                                     : start.substr(declaration, start.find("?>", declaration) - declaration);
  constexpr std::string_view kKey = "encoding=";
  const std::size_t key = inner.find(kKey);
  if (key == std::string_view::npos || key + kKey.size() + 1 >= inner.size()) {
    return {};
  }
  const std::string_view value = inner.substr(key + kKey.size() + 1);
  return std::string(value.substr(0, value.find(inner[key + kKey.size()])));
}

// What PHP printed before the declaration would make the document end there.
std::string_view FromDeclaration(std::string_view text) {
  text = text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  const std::string_view start = text.substr(0, kSniffedBytes);
  const std::size_t declaration = std::min(start.find("<?xml "), start.size());
  for (const std::string_view root : {"<rss", "<feed", "<rdf:", "<urlset", "<sitemapindex"}) {
    if (start.find(root) < declaration) {
      return text;  // it stands in some text
    }
  }
  return declaration == start.size() ? text : text.substr(declaration);
}

// Copies what no mending may touch (CDATA, comments, instructions) whole; true if there was such at `at`.
bool CopyVerbatim(std::string_view text, std::size_t& at, std::string& out) {
  constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}};
  for (const auto& [begin, end] : kKinds) {
    if (text.substr(at).starts_with(begin)) {
      const std::size_t found = text.find(end, at + begin.size());
      const std::size_t after = found == std::string_view::npos ? text.size() : found + end.size();
      out.append(text.substr(at, after - at));
      at = after;
      return true;
    }
  }
  return false;
}

// The reference at an ampersand, as XML knows it: entities of HTML by number, a bare ampersand escaped.
void CopyReference(std::string_view text, std::size_t& at, std::string& out) {
  constexpr std::size_t kLongestName = 10;
  const std::size_t end = text.substr(0, at + kLongestName + 2).find(';', at);
  const std::string name(end == std::string_view::npos ? "" : text.substr(at + 1, end - at - 1));
  const bool known =
      name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos" || name.starts_with("#");
  const htmlEntityDesc* const entity =
      known || name.empty() ? nullptr : htmlEntityLookup(reinterpret_cast<const xmlChar*>(name.c_str()));
  if (known || entity != nullptr) {
    out.append(known ? "&" + name + ";" : "&#" + std::to_string(entity->value) + ";");
    at = end + 1;
  } else {
    out.append("&amp;");
    ++at;
  }
}

// Past a document type and its internal subset.
std::size_t AfterDoctype(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find('>', at), text.size());
  const std::size_t subset = text.find('[', at);
  if (subset > end) {
    return std::min(end + 1, text.size());
  }
  std::size_t close = text.find(']', subset);
  while (close != std::string_view::npos) {
    const std::size_t next = text.find_first_not_of(" \t\r\n", close + 1);
    if (next != std::string_view::npos && text[next] == '>') {
      return next + 1;
    }
    close = text.find(']', close + 1);
  }
  return text.size();
}

class Cleaner {
 public:
  explicit Cleaner(std::string_view text) : text_(text) { out_.reserve(text.size() + text.size() / 16); }

  std::string Clean() {
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '&') {
        CopyReference(text_, at_, out_);
      } else if (c == '<') {
        CopyMarkup();
      } else {
        CopyByte();
      }
    }
    return std::move(out_);
  }

 private:
  void CopyByte() {
    const auto c = static_cast<unsigned char>(text_[at_++]);
    if (c >= 0x20 || c == '\t' || c == '\n' || c == '\r') {
      out_.push_back(static_cast<char>(c));
    }
  }

  void CopyMarkup() {
    if (text_.substr(at_).starts_with("<!DOCTYPE") || text_.substr(at_).starts_with("<!doctype")) {
      at_ = AfterDoctype(text_, at_);
    } else if (!CopyVerbatim(text_, at_, out_)) {
      CopyTag();
    }
  }

  void CopyTag() {
    out_.push_back(text_[at_++]);
    int attributes = 0;
    char quote = '\0';
    while (at_ < text_.size() && text_[at_] != '<' && (quote != '\0' || text_[at_] != '>')) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        quote = quote == '\0' ? c : quote == c ? '\0' : quote;
      }
      attributes += quote == '\0' && c == '=' ? 1 : 0;
      if (attributes > kMaxXmlAttributes) {
        ++at_;
      } else if (c == '&') {
        CopyReference(text_, at_, out_);
      } else {
        CopyByte();
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string ToCleanXml(std::string_view bytes, std::string_view content_type) {
  const std::string declared = DeclaredEncoding(bytes);
  html::Decoded decoded;
  html::Decode(bytes, declared.empty() ? std::string(content_type) : "text/xml; charset=" + declared, decoded);
  return Cleaner(FromDeclaration(decoded.text)).Clean();
}

}  // namespace kawat::parse
