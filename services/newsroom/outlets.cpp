#include "services/newsroom/outlets.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "services/newsroom/random.h"

namespace kawat::newsroom {
namespace {

struct Masthead {
  const char* id;
  const char* name;
  const char* language;
};

constexpr std::array<Masthead, kOutlets> kMastheads = {{
    {"kabarkota", "KABAR KOTA", "id"},
    {"harbourpost", "HARBOUR POST", "en"},
    {"aozora", "青空新報", "ja"},
    {"suarapantai", "Suara Pantai", "id"},
    {"northledger", "NORTH LEDGER", "en"},
    {"minato", "港ニュース", "ja"},
    {"hariannusa", "Harian Nusa", "id"},
    {"dailybeacon", "The Daily Beacon", "en"},
    {"yamabiko", "やまびこ通信", "ja"},
    {"wartarimba", "WARTA RIMBA", "id"},
    {"citycourier", "City & Courier", "en"},
    {"kitakaze", "北風日報", "ja"},
    {"lensapagi", "Lensa Pagi", "id"},
    {"rivertimes", "RIVER TIMES", "en"},
    {"hoshizora", "星空オンライン", "ja"},
    {"beritakampung", "Berita Kampung", "id"},
    {"morningwire", "Morning Wire", "en"},
    {"sinartimur", "SINAR TIMUR", "id"},
    {"islandgazette", "Island Gazette", "en"},
    {"pelitadesa", "Pelita Desa", "id"},
}};

void Locate(Outlet& outlet, int index) {
  if (outlet.language == "id") {
    outlet.country = "id";
    outlet.time_zone = "Asia/Jakarta";
    outlet.utc_offset_seconds = 7 * 3600;
    outlet.group = "Media Indonesia";
  } else if (outlet.language == "ja") {
    outlet.country = "jp";
    outlet.time_zone = "Asia/Tokyo";
    outlet.utc_offset_seconds = 9 * 3600;
    outlet.group = "Media Jepang";
  } else {
    const bool singapore = index % 2 == 1;
    outlet.country = singapore ? "sg" : "gb";
    outlet.time_zone = singapore ? "Asia/Singapore" : "UTC";
    outlet.utc_offset_seconds = singapore ? 8 * 3600 : 0;
    outlet.group = "Media Dunia";
  }
}

std::string SectionSlug(const Outlet& outlet, int section) {
  const std::string slug = Slug(VocabularyOf(outlet.language).sections[section]);
  return slug.empty() ? absl::StrCat("s", section + 1) : slug;
}

}  // namespace

std::vector<Outlet> MakeOutlets(std::uint64_t seed) {
  std::vector<int> dealt(kOutlets);  // so that a seed decides which outlet looks how, and all looks are there
  for (int i = 0; i < kOutlets; ++i) {
    dealt[i] = i;
  }
  Random::For(seed, "styles", 0).Shuffle(dealt);
  std::vector<Outlet> outlets;
  for (int i = 0; i < kOutlets; ++i) {
    Random random = Random::For(seed, "outlet", i);
    Outlet outlet;
    outlet.id = kMastheads[i].id;
    outlet.name = kMastheads[i].name;
    outlet.host = absl::StrCat(outlet.id, ".example");
    outlet.language = kMastheads[i].language;
    Locate(outlet, i);
    outlet.style = static_cast<Style>(dealt[i] % 5);
    outlet.time_form = static_cast<TimeForm>((dealt[i] / 5 + i) % 5);
    outlet.feed_format = dealt[i] % 2 == 0 ? FeedFormat::kRss : FeedFormat::kAtom;
    outlet.validators = static_cast<Validators>((dealt[i] / 2) % 3);
    outlet.gzip = dealt[i] % 3 == 0;
    outlet.tracking = dealt[i] % 4 == 1;
    outlet.homepage_url = absl::StrCat("https://", outlet.host, "/");
    outlet.feed_url =
        absl::StrCat("https://", outlet.host, outlet.feed_format == FeedFormat::kRss ? "/feed.rss" : "/atom.xml");
    for (int person = 0; person < 6; ++person) {
      outlet.authors.push_back(WritePerson(random, VocabularyOf(outlet.language)));
    }
    outlets.push_back(std::move(outlet));
  }
  return outlets;
}

std::string SectionPath(const Outlet& outlet, int section) {
  return absl::StrCat("/section/", SectionSlug(outlet, section));
}

std::string ArticlePath(const Outlet& outlet, int section, int number, const std::string& title) {
  const int id = 100000 + number;
  const std::string slug = Slug(title);
  const std::string dash = slug.empty() ? "" : "-";
  switch (outlet.style) {
    case Style::kJsonLd:
      return absl::StrCat("/news/", SectionSlug(outlet, section), "/", slug, dash, id);
    case Style::kMeta:
      return absl::StrCat("/read/", id, slug.empty() ? "" : "/", slug);
    case Style::kArticleTag:
      return absl::StrCat("/", SectionSlug(outlet, section), "/", slug, dash, id, ".html");
    case Style::kTable:
      return absl::StrCat("/index.php?page=read&id=", id);
    case Style::kOpenGraph:
      break;
  }
  return absl::StrCat("/articles/", id);
}

std::string RobotsText(int index) {
  switch (index % 4) {
    case 0:
      return "User-agent: *\nDisallow: /private/\n";
    case 1:
      return "User-agent: greedy-bot\nDisallow: /\n\nUser-agent: *\nDisallow: /private/\nDisallow: /*?print=\n";
    case 2:
      return "# Our archive is open, the rest of the folder is not.\nUser-agent: *\nDisallow: /private/  # staff\n"
             "Allow: /private/open/\n";
    default:
      return "user-agent: *\r\nDisallow: /private/\r\nDisallow: /*.draft$\r\nDisallow:\r\n";
  }
}

std::vector<std::string> ForbiddenPaths(int index) {
  std::vector<std::string> paths = {"/private/notes-1", "/private/notes-2"};
  if (index % 4 == 1) {
    paths.emplace_back("/view?print=1");
  } else if (index % 4 == 3) {
    paths.emplace_back("/reports/spring.draft");
  }
  return paths;
}

}  // namespace kawat::newsroom
