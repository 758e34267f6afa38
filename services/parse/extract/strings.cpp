#include "services/parse/extract/strings.h"

#include <algorithm>
#include <cstdint>

#include "base/utf8.h"
#include "text/text.h"

namespace kawat::parse::extract {

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), LowerChar);
  return lower;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && IsSpace(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && StartsWithIgnoringCase(a, b);
}

bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                    [](char a, char b) { return LowerChar(a) == LowerChar(b); });
}

bool ContainsIgnoringCase(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return LowerChar(a) == LowerChar(b); }) != text.end();
}

bool ContainsAny(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

std::string Join(std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (const std::string_view part : parts) {
    joined += part;
  }
  return joined;
}

std::size_t ReadingLength(std::string_view text) {
  std::size_t length = 0;
  bool space = true;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (IsSpace(c)) {
      length += space ? 0 : 1;
      space = true;
    } else if ((byte & 0xC0) != 0x80) {
      length += byte >= 0xE3 && byte <= 0xED ? 2 : 1;
      space = false;
    }
  }
  return length - (space && length > 0 ? 1 : 0);
}

std::string Skeleton(std::string_view text) {
  std::string skeleton;
  for (const text::Token& token : text::Tokenize(text)) {
    skeleton += token.text;
  }
  return skeleton;
}

namespace {

constexpr std::size_t kLongestEntity = 8;  // "hellip", "#x10FFFF"

// The number of "#8217" or "#x2019"; 0 when it is none.
std::uint32_t NumberOf(std::string_view name) {
  const bool hex = name.size() > 2 && LowerChar(name[1]) == 'x';
  std::uint32_t value = 0;
  for (const char c : name.substr(hex ? 2 : 1)) {
    const char lower = LowerChar(c);
    if (IsDigit(c)) {
      value = value * (hex ? 16 : 10) + static_cast<std::uint32_t>(c - '0');
    } else if (hex && lower >= 'a' && lower <= 'f') {
      value = value * 16 + static_cast<std::uint32_t>(lower - 'a') + 10;
    } else {
      return 0;
    }
  }
  return value;
}

bool AppendEntity(std::string_view name, std::string& out) {
  static constexpr std::pair<std::string_view, std::string_view> kNamed[] = {
      {"amp", "&"},    {"lt", "<"},    {"gt", ">"},    {"quot", "\""}, {"apos", "'"},  {"nbsp", " "},
      {"rsquo", "’"},  {"lsquo", "‘"}, {"ldquo", "“"}, {"rdquo", "”"}, {"ndash", "–"}, {"mdash", "—"},
      {"hellip", "…"}, {"uuml", "ü"},  {"ouml", "ö"},  {"auml", "ä"},  {"szlig", "ß"}, {"eacute", "é"}};
  if (name.size() > 1 && name.front() == '#') {
    const std::uint32_t point = NumberOf(name);
    if (point != 0) {
      const bool scalar = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
      base::AppendUtf8(scalar ? point : 0xFFFD, out);
    }
    return point != 0;
  }
  for (const auto& [known, character] : kNamed) {
    if (name == known) {
      out += character;
      return true;
    }
  }
  return false;
}

}  // namespace

std::string DecodeEntities(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '&') {
      const std::size_t end = text.substr(0, at + kLongestEntity + 2).find(';', at);
      if (end != std::string_view::npos && AppendEntity(text.substr(at + 1, end - at - 1), decoded)) {
        at = end;
        continue;
      }
    }
    decoded += text[at];
  }
  return decoded;
}

std::string StripTags(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  const std::size_t last = text.rfind('>');  // beyond it no tag ends: looking for its end would find nothing each time
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool opens = text[at] == '<' && at + 1 < text.size() && (IsLetter(text[at + 1]) || text[at + 1] == '/');
    const bool ends = last != std::string_view::npos && at < last;
    const std::size_t end = opens && ends ? text.find('>', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      plain += text[at];
      continue;
    }
    const std::string_view tag = text.substr(at + 1, end - at - 1);
    const std::string_view name = tag.substr(tag.front() == '/' ? 1 : 0);
    const bool is_block = StartsWithIgnoringCase(name, "p") || StartsWithIgnoringCase(name, "br") ||
                          StartsWithIgnoringCase(name, "div") || StartsWithIgnoringCase(name, "h") ||
                          StartsWithIgnoringCase(name, "li");
    plain += is_block ? "\n" : "";
    at = end;
  }
  return DecodeEntities(plain);
}

}  // namespace kawat::parse::extract
