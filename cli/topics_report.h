// What `kawat topics` prints: for people, or as JSON.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "bus/topic_check.h"
#include "cli/sizing.h"

namespace kawat::cli {

struct TopicsComparison {
  std::vector<bus::TopicSpec> specs;
  std::vector<bus::TopicDifference> differences;
};

std::string ToText(const TopicsComparison& comparison);  // a line for each difference, and for each topic that is right
boost::json::array ToJson(const TopicsComparison& comparison);
boost::json::object ToJson(const Sizing& sizing);

// What apply did, refused and left: each at once as a line, or all as JSON in the end.
class TopicsReport {
 public:
  explicit TopicsReport(bool json) : json_(json) {}
  void Add(const char* what, const std::string& topic, const std::string& sentence);
  void Finish() const;

 private:
  bool json_;
  boost::json::array lines_;
};

}  // namespace kawat::cli
