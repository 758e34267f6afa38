// XML of the wild as a tree. The parser behind it (libxml2) is seen by xml.cpp alone.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace kawat::parse {

// An element of an XmlDocument: a light handle.
class XmlElement {
 public:
  XmlElement() = default;
  explicit operator bool() const { return raw_ != nullptr; }
  bool operator==(const XmlElement&) const = default;

  std::string name() const;    // local, lower case: "pubdate"
  std::string prefix() const;  // as written, lower case; declared or not
  std::optional<std::string> attribute(std::string_view local_name) const;
  std::string Text() const;  // all text below
  bool has_children() const { return static_cast<bool>(first_child()); }

  XmlElement parent() const;
  XmlElement first_child() const;
  XmlElement next_sibling() const;

 private:
  friend class XmlDocument;
  explicit XmlElement(void* raw) : raw_(raw) {}
  void* raw_ = nullptr;
};

class XmlDocument {
 public:
  // Reads as far as it can: bare ampersands, HTML's entities, wrong encodings and missing ends are mended. Never loads
  // anything, expands no entity of the document's own. InvalidArgument: not even one element.
  static absl::StatusOr<XmlDocument> Parse(std::string_view bytes, std::string_view content_type);

  XmlElement root() const;

 private:
  struct Free {
    void operator()(void* document) const;
  };
  explicit XmlDocument(void* document) : document_(document) {}
  std::unique_ptr<void, Free> document_;
};

}  // namespace kawat::parse
