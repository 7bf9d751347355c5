// Asks cyclonus' matcher, from which the upstream tests of NetworkPolicy came, whether connections come about.
// stdin: {"policies": [NetworkPolicy…], "queries": [{from, to, port, portName, protocol}…]}; an end has either labels or an address.
// stdout: a JSON list of [egress, ingress] for each query.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	v1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

type end struct {
	Namespace       string
	NamespaceLabels map[string]string
	Labels          map[string]string
	Address         string
}

type query struct {
	From     end
	To       end
	Port     int
	PortName string
	Protocol string
}

func main() {
	var asked struct {
		Policies []*networkingv1.NetworkPolicy
		Queries  []query
	}
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		log.Fatal(err)
	}
	policy := matcher.BuildNetworkPolicies(true, asked.Policies)
	verdicts := make([][2]bool, len(asked.Queries))
	for i, q := range asked.Queries {
		result := policy.IsTrafficAllowed(&matcher.Traffic{
			Source:           peer(q.From),
			Destination:      peer(q.To),
			ResolvedPort:     q.Port,
			ResolvedPortName: q.PortName,
			Protocol:         v1.Protocol(q.Protocol),
		})
		verdicts[i] = [2]bool{result.Egress.IsAllowed(), result.Ingress.IsAllowed()}
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		log.Fatal(err)
	}
}

// Pods get an address that no policy may open: whether ipBlock means pods is left to plugins.
func peer(e end) *matcher.TrafficPeer {
	if e.Address != "" {
		return &matcher.TrafficPeer{IP: e.Address}
	}
	return &matcher.TrafficPeer{
		Internal: &matcher.InternalPeer{PodLabels: e.Labels, NamespaceLabels: e.NamespaceLabels, Namespace: e.Namespace},
		IP:       "127.0.0.1",
	}
}
