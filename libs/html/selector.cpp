#include "html/selector.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include "absl/strings/ascii.h"
#include "base/check.h"

namespace kawat::html {
namespace {

constexpr std::string_view kSpace = " \t\n\f\r";

bool HasWord(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos && !word.empty(); at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || kSpace.find(text[at - 1]) != std::string_view::npos) &&
        (end == text.size() || kSpace.find(text[end]) != std::string_view::npos)) {
      return true;
    }
  }
  return false;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Selector ReadList() {
    Selector list;
    do {
      list.push_back(ReadComplex());
    } while (Take(','));
    KAWAT_CHECK(at_ == text_.size(), "selector: something is left over");
    std::size_t compounds = 0;
    for (const std::vector<Compound>& one : list) {
      compounds += one.size();
    }
    KAWAT_CHECK(compounds <= 64, "selector: more than 64 compounds");
    return list;
  }

 private:
  // From right to left: a compound, and whether it is the child of what stands before it.
  std::vector<Compound> ReadComplex() {
    std::vector<Compound> compounds;
    bool child = false;
    SkipSpace();
    do {
      Compound compound = ReadCompound();
      compound.child_of_next = child;
      compounds.insert(compounds.begin(), std::move(compound));
      SkipSpace();
      child = Take('>');
      SkipSpace();
    } while (at_ < text_.size() && Peek() != ',');
    KAWAT_CHECK(!child, "selector: nothing after >");
    return compounds;
  }

  Compound ReadCompound() {
    Compound compound;
    const std::size_t start = at_;
    if (!Take('*')) {
      compound.tag = absl::AsciiStrToLower(std::string(TakeName()));
    }
    for (;;) {
      if (Take('.')) {
        compound.tests.push_back({AttributeTest::Kind::kHasWord, "class", std::string(NeedName())});
      } else if (Take('#')) {
        compound.tests.push_back({AttributeTest::Kind::kEquals, "id", std::string(NeedName())});
      } else if (Take('[')) {
        compound.tests.push_back(ReadAttribute());
      } else {
        break;
      }
    }
    KAWAT_CHECK(at_ > start, "selector: an element, class, id or attribute is expected");
    return compound;
  }

  AttributeTest ReadAttribute() {
    using Kind = AttributeTest::Kind;
    AttributeTest test;
    test.name = absl::AsciiStrToLower(std::string(NeedName()));
    if (Take(']')) {
      return test;
    }
    test.kind = Take('*')   ? Kind::kContains
                : Take('^') ? Kind::kStarts
                : Take('$') ? Kind::kEnds
                : Take('~') ? Kind::kHasWord
                            : Kind::kEquals;
    KAWAT_CHECK(Take('='), "selector: = is expected");
    const char quote = Peek() == '"' || Peek() == '\'' ? Peek() : ']';
    at_ += quote == ']' ? 0 : 1;
    const std::size_t end = text_.find(quote, at_);
    KAWAT_CHECK(end != std::string_view::npos, "selector: a value does not end");
    test.value = text_.substr(at_, end - at_);
    at_ = end + (quote == ']' ? 0 : 1);
    KAWAT_CHECK(Take(']'), "selector: ] is expected");
    return test;
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char wanted) {
    const bool found = at_ < text_.size() && text_[at_] == wanted;
    at_ += found ? 1 : 0;
    return found;
  }
  void SkipSpace() { at_ = std::min(text_.find_first_not_of(kSpace, at_), text_.size()); }
  std::string_view TakeName() {
    const std::size_t start = at_;
    while (absl::ascii_isalnum(static_cast<unsigned char>(Peek())) || Peek() == '-' || Peek() == '_') {
      ++at_;
    }
    return text_.substr(start, at_ - start);
  }
  std::string_view NeedName() {
    const std::string_view name = TakeName();
    KAWAT_CHECK(!name.empty(), "selector: a name is expected");
    return name;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

}  // namespace

bool AttributeTest::Holds(std::string_view actual) const {
  switch (kind) {
    case Kind::kPresent:
      return true;
    case Kind::kEquals:
      return actual == value;
    case Kind::kContains:
      return !value.empty() && actual.find(value) != std::string_view::npos;
    case Kind::kStarts:
      return !value.empty() && actual.starts_with(value);
    case Kind::kEnds:
      return !value.empty() && actual.ends_with(value);
    case Kind::kHasWord:
      return HasWord(actual, value);
  }
  return false;
}

const Selector& Compile(std::string_view text) {
  thread_local std::unordered_map<std::string, Selector, Hash, std::equal_to<>>
      compiled;  // nodes do not move: references stay good
  const auto found = compiled.find(text);
  return found != compiled.end() ? found->second
                                 : compiled.emplace(std::string(text), Reader(text).ReadList()).first->second;
}

}  // namespace kawat::html
