#include "services/newsroom/plan.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "services/newsroom/outlets.h"
#include "services/newsroom/random.h"

namespace kawat::newsroom {
namespace {

constexpr int kAgencyPercent = 8;  // of the draws; each makes two to four articles

struct Agency {
  const char* name;
  const char* credit;  // the year stands for '#'
};
constexpr std::array<Agency, 5> kAgencies = {{{"Reuters", "© Thomson Reuters #."},
                                              {"Kyodo", "© Kyodo News #."},
                                              {"ANTARA", "© ANTARA #."},
                                              {"AFP", "© AFP #."},
                                              {"AP", "© Associated Press #."}}};

class Planner {
 public:
  explicit Planner(const Plan& plan) : plan_(plan), random_(Random::For(plan.seed, "stories", 0)) {
    world_.outlets = MakeOutlets(plan.seed);
  }

  World Make() {
    while (static_cast<int>(world_.articles.size()) < plan_.articles) {
      const int outlet = next_outlet_++ % kOutlets;
      if (random_.Chance(kAgencyPercent) && plan_.articles - world_.articles.size() >= 2) {
        AddAgencyStory(outlet);
      } else {
        AddOwnStory(outlet);
      }
    }
    for (int i = 0; i < kOutlets; ++i) {
      AddHouse(i);
    }
    AddNeighbours(plan_.seed, world_);
    return std::move(world_);
  }

 private:
  Resource& Add(Kind kind, Outcome outcome, int outlet, std::string url) {
    Resource resource;
    resource.url = std::move(url);
    resource.kind = kind;
    resource.outcome = outcome;
    resource.outlet = outlet;
    world_.resources.push_back(std::move(resource));
    return world_.resources.back();
  }

  // Puts an article online under a URL that may not be the one its feed links: the first two of every fifth outlet have
  // moved.
  void Place(Article article) {
    Outlet& outlet = world_.outlets[article.outlet];
    const int number = static_cast<int>(world_.articles.size());
    const std::size_t nth = outlet.articles.size();
    const std::string path = ArticlePath(outlet, article.section, number, article.revisions[0].title);
    const bool moved = article.outlet % 5 == 0 && nth < 2;
    const std::string host = moved && nth == 1 ? absl::StrCat("www.", outlet.host) : outlet.host;
    article.url = absl::StrCat("https://", host, path);
    article.entry_url = article.url;
    if (moved) {
      article.entry_url = absl::StrCat("https://", outlet.host, "/go/", number);
      article.revisions.resize(1);  // a feed that names the old address cannot say that the new one changed
      Resource& redirect = Add(Kind::kFixed, Outcome::kMoved, article.outlet, article.entry_url);
      redirect.article = number;
      redirect.moved_to = article.url;
      redirect.reply.status = nth == 0 ? 301 : 302;
    }
    if (plan_.rate_per_second > 0) {
      article.after_start = absl::Seconds(number / plan_.rate_per_second);
      article.published = FloorToSecond(plan_.start + article.after_start);
    } else {
      const absl::Time midnight = absl::FromUnixSeconds(absl::ToUnixSeconds(plan_.start) / 86400 * 86400);
      article.published = midnight - absl::Seconds(random_.Between(60, 2 * 86400));
    }
    Add(Kind::kArticle, Outcome::kArticle, article.outlet, article.url).article = number;
    outlet.articles.push_back(number);
    world_.articles.push_back(std::move(article));
  }

  void AddOwnStory(int outlet) {
    const Vocabulary& vocabulary = VocabularyOf(world_.outlets[outlet].language);
    Article article;
    article.outlet = outlet;
    article.cluster = next_cluster_++;
    article.section = static_cast<int>(random_.Below(vocabulary.sections.size()));
    article.revisions.push_back(WriteStory(random_, vocabulary));
    const std::size_t draw = random_.Below(100);
    for (int more = draw < 5 ? 2 : (draw < 25 ? 1 : 0); more > 0; --more) {
      article.revisions.push_back(Revise(random_, vocabulary, article.revisions.back()));
    }
    std::vector<std::string> staff = world_.outlets[outlet].authors;
    random_.Shuffle(staff);
    article.authors.push_back(staff[0]);
    if (random_.Chance(25) && staff[1] != staff[0]) {
      article.authors.push_back(staff[1]);
    }
    Place(std::move(article));
  }

  // One text in several outlets of a language, some with a headline of their own; a credit line tells whose it is.
  void AddAgencyStory(int first_outlet) {
    const std::string& language = world_.outlets[first_outlet].language;
    const Vocabulary& vocabulary = VocabularyOf(language);
    const Agency& agency = kAgencies[random_.Below(kAgencies.size())];
    const Content story = WriteStory(random_, vocabulary);
    std::vector<int> others;
    for (int i = 0; i < kOutlets; ++i) {
      if (i != first_outlet && world_.outlets[i].language == language) {
        others.push_back(i);
      }
    }
    random_.Shuffle(others);
    others.resize(random_.Below(3) + 1);
    others.insert(others.begin(), first_outlet);
    const int cluster = next_cluster_++;
    for (const int outlet : others) {
      if (static_cast<int>(world_.articles.size()) == plan_.articles) {
        return;
      }
      Article article;
      article.outlet = outlet;
      article.cluster = cluster;
      article.agency = agency.name;
      article.section = static_cast<int>(random_.Below(vocabulary.sections.size()));
      article.revisions.push_back(story);
      if (random_.Chance(30)) {
        article.revisions[0].title = WriteStory(random_, vocabulary).title;
      }
      const std::string credit = agency.credit;
      const std::size_t year = credit.find('#');
      article.credit = absl::StrCat(credit.substr(0, year), absl::FormatTime("%Y", plan_.start, absl::UTCTimeZone()),
                                    credit.substr(year + 1));
      Place(std::move(article));
    }
  }

  // What an outlet has beside articles: front page, sections, feed, robots.txt, and what that forbids.
  void AddHouse(int index) {
    Outlet& outlet = world_.outlets[index];
    const std::string root = absl::StrCat("https://", outlet.host);
    Add(Kind::kHomepage, Outcome::kIndexPage, index, outlet.homepage_url);
    Add(Kind::kFeed, Outcome::kFeed, index, outlet.feed_url);
    for (int section = 0; section < static_cast<int>(VocabularyOf(outlet.language).sections.size()); ++section) {
      Add(Kind::kSection, Outcome::kIndexPage, index, absl::StrCat(root, SectionPath(outlet, section))).section =
          section;
    }
    AddRobots(index, root, RobotsText(index));
    if (index % 5 == 0) {
      const std::string www = absl::StrCat("www.", outlet.host);
      world_.other_hosts.push_back(www);
      AddRobots(index, absl::StrCat("https://", www), "");
    }
    bool in_feed = true;
    for (const std::string& path : ForbiddenPaths(index)) {
      Resource& resource = Add(Kind::kFixed, Outcome::kDisallowed, index, absl::StrCat(root, path));
      resource.forbidden = true;
      resource.reply.body = absl::StrCat("<html><title>Not for robots</title><p>", path, "</p></html>");
      std::vector<Entry>& links = in_feed ? outlet.extra_entries : outlet.extra_links;
      links.push_back({resource.url, absl::StrCat("Internal ", path)});
      in_feed = false;
    }
    if (index % 4 == 2) {
      Resource& open = Add(Kind::kFixed, Outcome::kNoText, index, absl::StrCat(root, "/private/open/clip"));
      open.reply.body = "<html><head><title>Clip of the day</title></head><body><p>Watch.</p></body></html>";
      outlet.extra_links.push_back({open.url, "Clip of the day"});
    }
  }

  void AddRobots(int index, const std::string& root, const std::string& text) {
    Resource& robots = Add(Kind::kRobots, Outcome::kAny, index, absl::StrCat(root, "/robots.txt"));
    robots.announced = false;
    robots.reply.status = text.empty() ? 404 : 200;
    robots.reply.content_type = "text/plain; charset=utf-8";
    robots.reply.body = text;
  }

  Plan plan_;
  Random random_;
  World world_;
  int next_outlet_ = 0;
  int next_cluster_ = 1;
};

}  // namespace

World MakeWorld(const Plan& plan) { return Planner(plan).Make(); }

}  // namespace kawat::newsroom
