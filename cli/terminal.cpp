#include "cli/terminal.h"

#include <iostream>

namespace kawat::cli {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool IsControl(unsigned char byte) { return (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F; }

// U+0080 to U+009F, in UTF-8.
bool IsC1(std::string_view text) {
  return text.size() >= 2 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) <= 0x9F;
}

// The marks that turn the direction of what follows (UAX 9: U+202A to U+202E, U+2066 to U+2069), in UTF-8.
bool IsDirection(std::string_view text) {
  return text.size() >= 3 && text[0] == '\xE2' &&
         ((text[1] == '\x80' && text[2] >= '\xAA' && text[2] <= '\xAE') ||
          (text[1] == '\x81' && text[2] >= '\xA6' && text[2] <= '\xA9'));
}

}  // namespace

std::string ForTerminal(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (IsControl(static_cast<unsigned char>(text[at]))) {
      clean += kReplacement;
    } else if (IsC1(text.substr(at))) {
      clean += kReplacement;
      ++at;
    } else if (IsDirection(text.substr(at))) {
      clean += kReplacement;
      at += 2;
    } else {
      clean += text[at];
    }
  }
  return clean;
}

void Print(std::string_view text) { std::cout << ForTerminal(text); }

}  // namespace kawat::cli
