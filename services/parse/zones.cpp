#include "services/parse/zones.h"

#include <algorithm>
#include <array>

namespace kawat::parse {
namespace {

struct Zone {
  std::string_view name;
  int minutes;
};

// RFC 822's own, and those that news sites write. IST is India's, BST Britain's, CST America's: the usual meaning in
// news.
constexpr auto kZones = std::to_array<Zone>(
    {{"z", 0},      {"ut", 0},     {"utc", 0},    {"gmt", 0},     {"wet", 0},    {"west", 60},  {"bst", 60},
     {"cet", 60},   {"met", 60},   {"cest", 120}, {"mest", 120},  {"sast", 120}, {"eet", 120},  {"eest", 180},
     {"msk", 180},  {"trt", 180},  {"eat", 180},  {"gst", 240},   {"pkt", 300},  {"ist", 330},  {"npt", 345},
     {"ict", 420},  {"wib", 420},  {"wita", 480}, {"sgt", 480},   {"hkt", 480},  {"myt", 480},  {"pht", 480},
     {"awst", 480}, {"wit", 540},  {"jst", 540},  {"kst", 540},   {"aest", 600}, {"aedt", 660}, {"nzst", 720},
     {"nzdt", 780}, {"brt", -180}, {"edt", -240}, {"est", -300},  {"cdt", -300}, {"cst", -360}, {"mdt", -360},
     {"mst", -420}, {"pdt", -420}, {"pst", -480}, {"akst", -540}, {"hst", -600}});

}  // namespace

std::optional<int> ZoneOffsetMinutes(std::string_view abbreviation) {
  const auto* const found = std::ranges::find(kZones, abbreviation, &Zone::name);
  return found == kZones.end() ? std::nullopt : std::optional(found->minutes);
}

}  // namespace kawat::parse
