// What XML of the wild needs before an XML parser may see it.
#pragma once

#include <string>
#include <string_view>

namespace kawat::parse {

inline constexpr int kMaxXmlAttributes =
    256;  // of one element, namespaces included; libxml2 takes time by their square
inline constexpr int kMaxXmlNamespaces =
    1'000;  // declared around one place; libxml2 looks through all for each element

// UTF-8, whatever `bytes` are in: by byte order mark, validity, declaration, then the header. Without what stands
// before the declaration, the document type (and so no entities of its own), control characters, surplus attributes and
// namespaces;
// with HTML's entities by number and bare ampersands escaped. Never fails.
std::string ToCleanXml(std::string_view bytes, std::string_view content_type);

}  // namespace kawat::parse
