#include "services/parse/xml_text.h"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
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

// Where what no mending may touch ends: CDATA, a comment or an instruction that begins at `at`; else `at`.
std::size_t EndOfVerbatim(std::string_view text, std::size_t at) {
  constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}};
  for (const auto& [begin, end] : kKinds) {
    if (text.substr(at).starts_with(begin)) {
      const std::size_t found = text.find(end, at + begin.size());
      return found == std::string_view::npos ? text.size() : found + end.size();
    }
  }
  return at;
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
  const std::size_t subset = text.substr(0, end).find('[', at);
  if (subset == std::string_view::npos) {
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
      return;
    }
    const std::size_t end = EndOfVerbatim(text_, at_);
    if (end == at_) {
      CopyTag();
    }
    while (at_ < end) {
      CopyByte();
    }
  }

  void CopyTag() {
    out_.push_back(text_[at_++]);
    const char first = at_ < text_.size() ? text_[at_] : '\0';
    int attributes = 0;
    int namespaces = 0;
    char quote = '\0';
    char last = '\0';
    while (at_ < text_.size() && text_[at_] != '<' && (quote != '\0' || text_[at_] != '>')) {
      const char c = last = text_[at_];
      if (c == '"' || c == '\'') {
        quote = quote == '\0' ? c : quote == c ? '\0' : quote;
      }
      attributes += quote == '\0' && c == '=' ? 1 : 0;
      namespaces += quote == '\0' && text_.substr(at_).starts_with("xmlns") ? 1 : 0;
      const bool closes = c == '/' && text_.substr(at_ + 1).starts_with('>');
      if (!closes && (attributes > kMaxXmlAttributes || declared_ + namespaces > kMaxXmlNamespaces)) {
        ++at_;
      } else if (c == '&') {
        CopyReference(text_, at_, out_);
      } else {
        CopyByte();
      }
    }
    if (first == '/') {
      Close();
    } else if (last != '/' && absl::ascii_isalpha(static_cast<unsigned char>(first))) {
      open_.push_back(std::min(namespaces, kMaxXmlNamespaces - declared_));
      declared_ += open_.back();
    }
  }

  void Close() {
    if (!open_.empty()) {
      declared_ -= open_.back();
      open_.pop_back();
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<int> open_;  // namespaces that each open element declares
  int declared_ = 0;       // their sum
};

}  // namespace

std::string ToCleanXml(std::string_view bytes, std::string_view content_type) {
  const std::string declared = DeclaredEncoding(bytes);
  html::Decoded decoded;
  html::Decode(bytes, declared.empty() ? std::string(content_type) : "text/xml; charset=" + declared, decoded);
  return Cleaner(FromDeclaration(decoded.text)).Clean();
}

}  // namespace kawat::parse
