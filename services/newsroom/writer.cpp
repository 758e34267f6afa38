#include "services/newsroom/writer.h"

#include <cctype>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace kawat::newsroom {
namespace {

using Words = std::vector<std::string_view>;

std::string FillSlot(std::string_view slot, Random& random, const Vocabulary& vocabulary) {
  if (slot == "place") {
    return std::string(random.Pick(vocabulary.places));
  }
  if (slot == "org") {
    return std::string(random.Pick(vocabulary.orgs));
  }
  if (slot == "topic") {
    return std::string(random.Pick(vocabulary.topics));
  }
  if (slot == "role") {
    return std::string(random.Pick(vocabulary.roles));
  }
  if (slot == "day") {
    return std::string(random.Pick(vocabulary.days));
  }
  if (slot == "person") {
    return WritePerson(random, vocabulary);
  }
  return std::to_string(slot == "m" ? random.Between(2, 11) : random.Between(23, 980));
}

std::string Capitalized(std::string text) {
  if (!text.empty()) {
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  }
  return text;
}

std::string Fill(std::string_view form, Random& random, const Vocabulary& vocabulary) {
  std::string out;
  while (!form.empty()) {
    const std::size_t open = form.find('{');
    out.append(form.substr(0, open));
    if (open == std::string_view::npos) {
      break;
    }
    const std::size_t close = form.find('}', open);
    out.append(FillSlot(form.substr(open + 1, close - open - 1), random, vocabulary));
    form.remove_prefix(close + 1);
  }
  return Capitalized(std::move(out));
}

// Hands out sentence forms so that none returns before all were used.
class Forms {
 public:
  Forms(Random& random, const Vocabulary& vocabulary) : random_(random), vocabulary_(vocabulary) {}

  std::string Paragraph() {
    std::vector<std::string> sentences;
    for (int i = 0; i < 3; ++i) {
      if (deck_.empty()) {
        deck_ = vocabulary_.sentences;
        random_.Shuffle(deck_);
      }
      sentences.push_back(Fill(deck_.back(), random_, vocabulary_));
      deck_.pop_back();
    }
    return absl::StrJoin(sentences, std::string(vocabulary_.between_sentences));
  }

 private:
  Random& random_;
  const Vocabulary& vocabulary_;
  Words deck_;
};

}  // namespace

std::string Content::Body() const { return absl::StrJoin(paragraphs, "\n"); }

std::string WritePerson(Random& random, const Vocabulary& vocabulary) {
  const std::string given(random.Pick(vocabulary.given_names));
  const std::string family(random.Pick(vocabulary.family_names));
  const std::string between(vocabulary.between_names);
  return vocabulary.family_name_first ? absl::StrCat(family, between, given) : absl::StrCat(given, between, family);
}

Content WriteStory(Random& random, const Vocabulary& vocabulary) {
  Content content;
  content.title = Fill(random.Pick(vocabulary.titles), random, vocabulary);
  Forms forms(random, vocabulary);
  const std::int64_t paragraphs = random.Between(5, 8);
  for (std::int64_t i = 0; i < paragraphs; ++i) {
    content.paragraphs.push_back(forms.Paragraph());
  }
  return content;
}

Content Revise(Random& random, const Vocabulary& vocabulary, const Content& content) {
  Content next = content;
  while (next == content) {
    Forms forms(random, vocabulary);
    switch (random.Below(3)) {
      case 0:
        next.title = Fill(random.Pick(vocabulary.titles), random, vocabulary);
        break;
      case 1:
        next.paragraphs[random.Below(next.paragraphs.size())] = forms.Paragraph();
        break;
      default:
        next.paragraphs.push_back(forms.Paragraph());
    }
  }
  return next;
}

std::string Slug(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80) {
      out.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    } else if (!out.empty() && out.back() != '-') {
      out.push_back('-');
    }
  }
  while (!out.empty() && out.back() == '-') {
    out.pop_back();
  }
  return out;
}

}  // namespace kawat::newsroom
