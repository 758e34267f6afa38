#include "services/parse/extract/credit.h"

#include <algorithm>
#include <array>

#include "services/parse/extract/strings.h"
#include "text/text.h"

namespace kawat::parse::extract {
namespace {

struct AgencyName {
  std::string_view name;    // as articles write it
  std::string_view agency;  // as kawat does
};

// Longer names first: they contain shorter ones.
constexpr auto kNames = std::to_array<AgencyName>({{"Thomson Reuters", "Reuters"},
                                                   {"The Associated Press", "AP"},
                                                   {"Associated Press", "AP"},
                                                   {"Agence France-Presse", "AFP"},
                                                   {"Deutsche Presse-Agentur", "dpa"},
                                                   {"Kyodo News", "Kyodo"},
                                                   {"Jiji Press", "Jiji"},
                                                   {"Xinhua News Agency", "Xinhua"},
                                                   {"Bloomberg News", "Bloomberg"},
                                                   {"Bloomberg L.P.", "Bloomberg"},
                                                   {"LKBN ANTARA", "ANTARA"},
                                                   {"ロイター", "Reuters"},
                                                   {"共同通信", "Kyodo"},
                                                   {"時事通信", "Jiji"},
                                                   {"新华社", "Xinhua"},
                                                   {"共同", "Kyodo"},
                                                   {"時事", "Jiji"},
                                                   {"Reuters", "Reuters"},
                                                   {"REUTERS", "Reuters"},
                                                   {"Bloomberg", "Bloomberg"},
                                                   {"ANTARA", "ANTARA"},
                                                   {"Antara", "ANTARA"},
                                                   {"Xinhua", "Xinhua"},
                                                   {"XINHUA", "Xinhua"},
                                                   {"KYODO", "Kyodo"},
                                                   {"Kyodo", "Kyodo"},
                                                   {"JIJI", "Jiji"},
                                                   {"Jiji", "Jiji"},
                                                   {"AFP", "AFP"},
                                                   {"dpa", "dpa"},
                                                   {"AP", "AP"}});

bool IsWordByte(std::string_view text, std::size_t at) {
  return at < text.size() && (IsLetter(text[at]) || IsDigit(text[at]));
}

// The agency named in `text` as a word of its own.
std::string_view AgencyIn(std::string_view text) {
  for (const AgencyName& known : kNames) {
    for (std::size_t at = text.find(known.name); at != std::string_view::npos; at = text.find(known.name, at + 1)) {
      const bool ascii = IsLetter(known.name.front());
      if (!ascii || ((at == 0 || !IsWordByte(text, at - 1)) && !IsWordByte(text, at + known.name.size()))) {
        return known.agency;
      }
    }
  }
  return {};
}

// The agency that `text` is, whole.
std::string_view AgencyNamed(std::string_view text) {
  text = Trim(text);
  for (const AgencyName& known : kNames) {
    if (EqualsIgnoringCase(text, known.name)) {
      return known.agency;
    }
  }
  return {};
}

// "WASHINGTON (Reuters) - ...", "Berlin (dpa/lno) - ...", "【ワシントン共同】", "［ロンドン ２７日 ロイター］",
// "新华社北京5月1日电".
std::string_view FromDateline(std::string_view paragraph) {
  const std::string_view start = text::Truncate(paragraph, 160);
  struct Brackets {
    std::string_view open, close;
    bool needs_dash;
  };
  static constexpr Brackets kBrackets[] = {
      {"(", ")", true}, {"【", "】", false}, {"［", "］", false}, {"（", "）", false}, {"[", "]", false}};
  for (const Brackets& brackets : kBrackets) {
    const std::size_t open = start.find(brackets.open);
    const std::size_t close = open == std::string_view::npos ? open : start.find(brackets.close, open);
    if (close == std::string_view::npos || (!brackets.needs_dash && open > 40)) {
      continue;
    }
    const std::string_view inside = start.substr(open + brackets.open.size(), close - open - brackets.open.size());
    const std::string_view after = Trim(start.substr(close + brackets.close.size()));
    const bool dash = after.starts_with("-") || after.starts_with("–") || after.starts_with("—") ||
                      after.starts_with("―") || open == 0;
    if (inside.size() <= 60 && (dash || !brackets.needs_dash)) {
      if (const std::string_view agency = AgencyIn(inside); !agency.empty()) {
        return agency;
      }
    }
  }
  if (start.starts_with("新华社")) {
    return "Xinhua";
  }
  // "JAKARTA, ANTARA - ...", "Reuters - ..."
  for (const std::string_view dash : {" - ", " – ", " — ", " -- "}) {
    const std::size_t at = start.find(dash);
    if (at <= 40) {
      const std::string_view head = start.substr(0, at);
      const std::size_t comma = head.rfind(',');
      return AgencyNamed(comma == std::string_view::npos ? head : head.substr(comma + 1));
    }
  }
  return {};
}

// "Reuters", "(AP)", "Source: AFP", "(Reporting by ...; Editing by ...)", "© 2025 AFP", "本文終わり（共同）".
std::string_view FromLastLine(std::string_view line) {
  if (line.starts_with("(Reporting by ") || line.starts_with("Reporting by ")) {
    return ContainsAny(line, {"diting by ", "riting by ", "ompiled by "}) ? "Reuters" : std::string_view();
  }
  std::string_view bare = Trim(line);
  for (const std::string_view lead :
       {"Source:", "Sumber:", "Quelle:", "Credit:", "With ", "—", "–", "-", "(", "（", "["}) {
    if (StartsWithIgnoringCase(bare, lead)) {
      bare = Trim(bare.substr(lead.size()));
    }
  }
  for (const std::string_view tail : {".", ")", "）", "]"}) {
    if (bare.ends_with(tail)) {
      bare.remove_suffix(tail.size());
    }
  }
  if (const std::string_view agency = AgencyNamed(bare); !agency.empty()) {
    return agency;
  }
  for (const std::string_view open : {"(", "（"}) {  // at the end of the last sentence
    const std::size_t at = line.rfind(open);
    if (at != std::string_view::npos && line.size() - at <= 40 && (line.ends_with(")") || line.ends_with("）"))) {
      std::string_view inside = line.substr(at + open.size());
      inside.remove_suffix(line.ends_with(")") ? 1 : std::string_view("）").size());
      return AgencyNamed(inside);
    }
  }
  return {};
}

bool IsCopyrightLine(std::string_view line) {
  if (line.size() > 250) {
    return false;
  }
  if (line.starts_with("©") || StartsWithIgnoringCase(line, "(c) ") || StartsWithIgnoringCase(line, "copyright ©") ||
      StartsWithIgnoringCase(line, "copyright (c)")) {
    return true;
  }
  return StartsWithIgnoringCase(line, "copyright ") && std::any_of(line.begin(), line.end(), IsDigit);
}

}  // namespace

Credit FindCredit(std::vector<std::string>& paragraphs, const std::vector<std::string>& authors) {
  constexpr std::size_t kLastLines = 3;
  Credit credit;
  for (std::size_t back = 1; back <= kLastLines && back < paragraphs.size(); ++back) {
    const std::size_t at = paragraphs.size() - back;
    if (IsCopyrightLine(paragraphs[at])) {
      credit.copyright = paragraphs[at];
      paragraphs.erase(paragraphs.begin() + static_cast<std::ptrdiff_t>(at));
      credit.agency = AgencyIn(credit.copyright);
      credit.agency_rule = "copyright line";
      break;
    }
  }
  for (std::size_t i = 0; credit.agency.empty() && i < std::min<std::size_t>(2, paragraphs.size()); ++i) {
    credit.agency = FromDateline(paragraphs[i]);
    credit.agency_rule = "dateline";
  }
  for (std::size_t back = 1; credit.agency.empty() && back <= kLastLines && back <= paragraphs.size(); ++back) {
    credit.agency = FromLastLine(paragraphs[paragraphs.size() - back]);
    credit.agency_rule = "last lines";
  }
  for (std::size_t i = 0; credit.agency.empty() && i < authors.size(); ++i) {
    credit.agency = AgencyNamed(authors[i]);
    credit.agency_rule = "byline";
  }
  if (credit.agency.empty()) {
    credit.agency_rule.clear();
  }
  return credit;
}

}  // namespace kawat::parse::extract
