// The html5lib parser tests: the text of the expected tree must be the text of ours. The tree itself is lexbor's
// business, tested there.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "html/document.h"

namespace kawat::html {
namespace {

constexpr char kFolder[] = "../shared/corpus/html5lib-tests/tree-construction";

struct Case {
  std::string data;
  std::string expected;  // the tree, "| " before each line
  bool applies = true;   // no fragment, no scripting
};

std::vector<Case> ReadCases(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<Case> cases;
  std::string section;
  for (std::string line; std::getline(file, line);) {
    if (line == "#data") {
      cases.emplace_back();
    }
    if (line.starts_with("#")) {
      section = line;
      if (!cases.empty() && (line == "#document-fragment" || line == "#script-on")) {
        cases.back().applies = false;
      }
      continue;
    }
    if (!cases.empty() && section == "#data") {
      cases.back().data += (cases.back().data.empty() ? "" : "\n") + line;
    } else if (!cases.empty() && section == "#document") {
      cases.back().expected += line + "\n";
    }
  }
  return cases;
}

bool IsLeftOut(const std::string& node) {
  const auto is = [&](const std::string& tag) { return node == "<" + tag + ">" || node.ends_with(" " + tag + ">"); };
  return is("script") || is("style") || is("template");
}

// The texts of the expected tree in order, less those that TextContent leaves out.
std::string ExpectedText(const std::string& tree) {
  std::istringstream lines(tree);
  std::string result;
  bool in_text = false;
  std::size_t skipped_depth = std::string::npos;
  for (std::string line; std::getline(lines, line);) {
    std::string text = line;
    if (in_text && !line.starts_with("| ")) {
      result += "\n";
    } else {
      const std::size_t depth = std::min(line.find_first_not_of(' ', 1), line.size());
      const std::string node = line.substr(depth);
      if (depth <= skipped_depth) {
        skipped_depth = IsLeftOut(node) ? depth : std::string::npos;
      }
      in_text = node.starts_with("\"") && skipped_depth == std::string::npos;
      text = in_text ? node.substr(1) : "";
    }
    if (in_text) {
      in_text = !text.ends_with("\"");
      result += in_text ? text : text.substr(0, text.size() - 1);
    }
  }
  return result;
}

TEST(Html5LibTest, TheTextOfEveryTreeSurvives) {
  if (!std::filesystem::exists(kFolder)) {
    GTEST_SKIP() << kFolder << " is absent";
  }
  int tested = 0;
  int different = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".dat") {
      continue;
    }
    for (const Case& test : ReadCases(entry.path())) {
      if (!test.applies) {
        continue;
      }
      ++tested;
      const Document document = Document::Parse(test.data, "text/html; charset=utf-8");
      if (document.root().TextContent() != ExpectedText(test.expected)) {
        ++different;
        EXPECT_EQ(document.root().TextContent(), ExpectedText(test.expected))
            << entry.path().filename() << ": " << test.data;
      }
    }
  }
  EXPECT_GT(tested, 1000);
  EXPECT_EQ(different, 0);
}

}  // namespace
}  // namespace kawat::html
