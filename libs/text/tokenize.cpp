#include <unicode/ubrk.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <utility>

#include "base/check.h"
#include "text/casefold.h"
#include "text/text.h"

namespace kawat::text {
namespace {

bool IsCjk(UChar32 code_point) {
  if (code_point < 0x1100) {
    return false;
  }
  if (code_point == 0x30FC ||
      code_point == 0xFF70) {  // the mark of a long vowel: of no script, but part of Japanese words
    return true;
  }
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(code_point, &error);
  return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA || script == USCRIPT_HANGUL;
}

// ICU's word boundaries over UTF-8. One a thread: making one costs more than a page's words.
class WordBreaks {
 public:
  WordBreaks() {
    UErrorCode error = U_ZERO_ERROR;
    breaks_ = ubrk_open(UBRK_WORD, "en", nullptr, 0, &error);
    KAWAT_CHECK(U_SUCCESS(error), "ICU has no word boundaries");
  }
  ~WordBreaks() {
    ubrk_close(breaks_);
    utext_close(&text_);
  }
  WordBreaks(const WordBreaks&) = delete;
  WordBreaks& operator=(const WordBreaks&) = delete;

  // False: `take` wants no more.
  template <class Take>
  bool ForEachWord(std::string_view text, std::size_t offset, const Take& take) {
    UErrorCode error = U_ZERO_ERROR;
    utext_openUTF8(&text_, text.data(), static_cast<std::int64_t>(text.size()), &error);
    ubrk_setUText(breaks_, &text_, &error);
    KAWAT_CHECK(U_SUCCESS(error), "ICU refuses a text");
    std::int32_t begin = ubrk_first(breaks_);
    for (std::int32_t end = ubrk_next(breaks_); end != UBRK_DONE; begin = std::exchange(end, ubrk_next(breaks_))) {
      if (ubrk_getRuleStatus(breaks_) >= UBRK_WORD_NONE_LIMIT &&
          !take(offset + static_cast<std::size_t>(begin), offset + static_cast<std::size_t>(end), false)) {
        return false;
      }
    }
    return true;
  }

 private:
  UBreakIterator* breaks_ = nullptr;
  UText text_ = UTEXT_INITIALIZER;
};

// take(begin, end, cjk) until it returns false. CJK characters are taken out first: ICU would look them up in its
// dictionary, which is slow and not wanted.
template <class Take>
void ForEachToken(std::string_view text, const Take& take) {
  thread_local WordBreaks breaks;
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  std::size_t run = 0;  // where what is not CJK began
  const auto end_run = [&](std::size_t end) {
    return end <= run || breaks.ForEachWord(text.substr(run, end - run), run, take);
  };
  for (std::int64_t at = 0; at < size;) {
    const auto begin = static_cast<std::size_t>(at);
    UChar32 code_point = 0;
    U8_NEXT_OR_FFFD(bytes, at, size, code_point);
    if (IsCjk(code_point)) {
      const bool more = end_run(begin);
      run = static_cast<std::size_t>(at);
      if (!more || !take(begin, run, true)) {
        return;
      }
    }
  }
  end_run(text.size());
}

}  // namespace

std::vector<Token> Tokenize(std::string_view text) {
  std::vector<Token> tokens;
  ForEachToken(text, [&](std::size_t begin, std::size_t end, bool cjk) {
    std::string folded = Casefold(text.substr(begin, end - begin));
    if (!folded.empty()) {
      tokens.push_back({.text = std::move(folded), .begin = begin, .end = end, .cjk = cjk});
    }
    return true;
  });
  return tokens;
}

WordCount CountWords(std::string_view text, WordCount enough) {
  WordCount count;
  ForEachToken(text, [&](std::size_t, std::size_t, bool cjk) {
    ++(cjk ? count.cjk_characters : count.words);
    return count.words < enough.words && count.cjk_characters < enough.cjk_characters;
  });
  return count;
}

}  // namespace kawat::text
