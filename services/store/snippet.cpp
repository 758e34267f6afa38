#include "services/store/snippet.h"

#include <algorithm>

#include "text/text.h"

namespace kawat::store {
namespace {

constexpr std::size_t kMaxScanned = 64 << 10;
constexpr std::size_t kBefore = 80;  // of kSnippetBytes, before the match

bool StandsAt(const std::vector<text::Token>& tokens, std::size_t at, const std::vector<text::Token>& phrase) {
  if (phrase.empty() || at + phrase.size() > tokens.size()) {
    return false;
  }
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    if (tokens[at + i].text != phrase[i].text) {
      return false;
    }
  }
  return true;
}

// Where the first of the phrases begins; 0: nowhere.
std::size_t FirstMatch(const std::vector<text::Token>& tokens, const std::vector<std::string>& phrases) {
  std::vector<std::vector<text::Token>> wanted;
  wanted.reserve(phrases.size());
  for (const std::string& phrase : phrases) {
    wanted.push_back(text::Tokenize(phrase));
  }
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    for (const std::vector<text::Token>& phrase : wanted) {
      if (StandsAt(tokens, at, phrase)) {
        return tokens[at].begin;
      }
    }
  }
  return 0;
}

}  // namespace

std::string Snippet(std::string_view text, const std::vector<std::string>& phrases) {
  text = text::Truncate(text, kMaxScanned);
  const std::vector<text::Token> tokens = text::Tokenize(text);
  const std::size_t match = FirstMatch(tokens, phrases);
  std::size_t begin = 0;
  if (match > kBefore) {  // the first word that fits before the match
    const auto first = std::find_if(tokens.begin(), tokens.end(),
                                    [&](const text::Token& token) { return token.begin + kBefore >= match; });
    begin = first == tokens.end() ? match : first->begin;
  }
  std::size_t end = text.size();
  if (begin + kSnippetBytes < text.size()) {
    end = begin;
    for (const text::Token& token : tokens) {
      if (token.end <= begin + kSnippetBytes) {
        end = std::max(end, token.end);
      }
    }
    if (end == begin) {  // one endless word
      end = begin + text::Truncate(text.substr(begin), kSnippetBytes).size();
    }
  }
  std::string snippet = begin > 0 ? "…" : "";
  snippet += text::CollapseWhitespace(text.substr(begin, end - begin));
  if (end < text.size()) {
    snippet += "…";
  }
  return snippet;
}

}  // namespace kawat::store
