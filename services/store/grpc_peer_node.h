// A peer: a node of the same store that is another process, asked over gRPC.
#pragma once

#include <memory>
#include <string>

#include "services/store/node.h"

namespace kawat::store {

struct PeerOptions {
  std::string address;
  int number = 0;
  int nodes = 1;
  int shards = 1;  // of kawat.articles
};

// Connects with the first call, and again as soon as it can. A call's deadline is its patience's less a little, so that
// who asked hears of it.
std::unique_ptr<Node> ConnectPeer(const PeerOptions& options);

}  // namespace kawat::store
