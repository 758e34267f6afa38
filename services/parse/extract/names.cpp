// What the words of class and id attributes say of an element.
#include <algorithm>
#include <string>
#include <string_view>

#include "services/parse/extract/marks.h"
#include "services/parse/extract/name_words.h"
#include "services/parse/extract/strings.h"

namespace kawat::parse::extract {
namespace {

bool IsBodyName(std::string_view name) {
  return ContainsAny(
      name, {"article-body",   "article-text", "article-content", "article-copy",    "articlebody",   "articlecontent",
             "articletext",    "artikel-body", "artikel-text",    "artikel-content", "post-body",     "post-content",
             "post-text",      "post-entry",   "postbody",        "postcontent",     "entry-content", "entry-text",
             "entry-body",     "entrycontent", "story-body",      "story-content",   "story-text",    "storybody",
             "storytext",      "storycontent", "body-text",       "bodytext",        "body-content",  "body-article",
             "content-body",   "text-content", "news-body",       "news-content",    "news-text",     "newstext",
             "detail-content", "detail-text",  "detail-body",     "single-content",  "blog-content",  "field-body",
             "body-copy",      "bodycopy",     "cuerpo",          "texto-noticia",   "main-text",     "paragraphs"});
}

bool IsStoryName(std::string_view name) {
  for (const std::string_view word :
       {"article", "story", "post", "entry", "artikel", "news-article", "blog-post", "single-post", "hentry",
        "article-page", "article-main", "article-detail", "news-detail", "story-main", "article-wrapper",
        "article-container", "main-article", "articulo", "noticia"}) {
    if (name == word) {
      return true;
    }
  }
  return false;
}

bool IsMainName(std::string_view name) {
  for (const std::string_view word :
       {"main", "main-content", "content-main", "maincontent", "content", "page-content", "primary", "main-column",
        "main-body", "page-body", "contents", "main-contents"}) {
    if (name == word) {
      return true;
    }
  }
  return false;
}

bool IsHiddenName(std::string_view name) {
  for (const std::string_view word :
       {"hidden", "hide", "sr-only", "screen-reader-text", "visually-hidden", "visuallyhidden", "screenreader",
        "d-none", "invisible", "offscreen", "a11y-hidden"}) {
    if (name == word) {
      return true;
    }
  }
  return false;
}

// "articleBody__text" becomes "article-body-text": one form for the ways of writing a compound.
std::string Dashed(std::string_view token) {
  std::string dashed;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char c = token[i];
    const bool hump = c >= 'A' && c <= 'Z' && i > 0 && token[i - 1] >= 'a' && token[i - 1] <= 'z';
    const bool separator = !IsLetter(c) && !IsDigit(c) && static_cast<unsigned char>(c) < 0x80;
    if ((hump || separator) && !dashed.empty() && dashed.back() != '-') {
      dashed += '-';
    }
    if (!separator) {
      dashed += LowerChar(c);
    }
  }
  return dashed;
}

std::uint32_t MarksOfToken(std::string_view token) {
  if (token.find_first_of(":[(!") != std::string_view::npos) {
    return 0;  // utility classes, "print:hidden", say how it looks, not what it is
  }
  const std::string dashed = Dashed(token);
  std::uint32_t marks = 0;
  marks |= IsBodyName(dashed) ? mark::kBodyName : 0;
  marks |= IsStoryName(dashed) ? mark::kStoryName : 0;
  marks |= IsMainName(dashed) ? mark::kMainName : 0;
  marks |= IsHiddenName(dashed) ? mark::kHidden : 0;
  const std::string_view all = dashed;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find('-', begin), all.size());
    marks |= MarksOfWord(all.substr(begin, end - begin));
    begin = end + 1;
  }
  // Said of the page by its outermost elements: has-sidebar, no-ads, with-comments.
  if (all.starts_with("has-") || all.starts_with("no-") || all.starts_with("with-") || all.starts_with("is-") ||
      all.ends_with("-enabled")) {
    marks &= ~(mark::kDropWord | mark::kWeakWord | mark::kComments);
  }
  return marks;
}

}  // namespace

std::uint32_t MarksOfName(std::string_view name) {
  static constexpr std::size_t kMaxNameBytes = 400;  // utility classes run on for ever; what matters stands first
  name = name.substr(0, kMaxNameBytes);
  std::uint32_t marks = 0;
  while (!(name = Trim(name)).empty()) {
    std::size_t end = 0;
    while (end < name.size() && !IsSpace(name[end])) {
      ++end;
    }
    marks |= MarksOfToken(name.substr(0, end));
    name.remove_prefix(end);
  }
  return marks;
}

}  // namespace kawat::parse::extract
