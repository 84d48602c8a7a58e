package yamledit

import "go.yaml.in/yaml/v3"

// flowText is the extent of a [list] or a {mapping}.
type flowText struct {
	open    int // of the bracket
	end     int // behind the closing bracket
	entries []entry
}

// flow finds the extent of a flow collection and of its entries.
func (d *Document) flow(n *yaml.Node, p place) (flowText, error) {
	start, err := d.at(n)
	if err != nil {
		return flowText{}, err
	}
	open, closing, step := byte('['), byte(']'), 1
	if n.Kind == yaml.MappingNode {
		open, closing, step = '{', '}', 2
	}
	f := flowText{open: d.skipProperties(start)}
	p.flow = true
	if d.byteAt(f.open) != open {
		return d.singlePair(n, f, p)
	}
	at := f.open + 1
	for i := 0; i+step <= len(n.Content); i += step {
		e, err := d.flowEntry(n.Content[i:i+step], d.skipGap(at), p)
		if err != nil {
			return f, err
		}
		f.entries = append(f.entries, e)
		at = d.skipGap(e.end)
		if d.byteAt(at) == ',' {
			at++
		} else if i+step < len(n.Content) {
			return f, d.uncertain(at)
		}
	}
	at = d.skipGap(at)
	if d.byteAt(at) != closing {
		return f, d.uncertain(min(at, len(d.s)))
	}
	f.end = at + 1
	return f, nil
}

// singlePair is a mapping of one pair without braces, within a flow list.
func (d *Document) singlePair(n *yaml.Node, f flowText, p place) (flowText, error) {
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		return f, d.uncertain(f.open)
	}
	e, err := d.pair(n.Content[0], n.Content[1], f.open, p)
	f.end = e.end
	return f, err
}

func (d *Document) flowEntry(nodes []*yaml.Node, at int, p place) (entry, error) {
	if len(nodes) == 2 {
		return d.pair(nodes[0], nodes[1], at, p)
	}
	e := entry{value: nodes[0], start: at}
	start, err := d.at(nodes[0])
	if err != nil || start != at {
		return e, d.uncertain(min(at, len(d.s)))
	}
	e.end, err = d.end(nodes[0], p)
	return e, err
}
