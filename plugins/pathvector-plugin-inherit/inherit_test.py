"""Tests of the functions of pathvector-plugin-inherit: python3 -m unittest inherit_test.py"""

import importlib.machinery
import importlib.util
import os
import sys
import unittest

sys.dont_write_bytecode = True

PLUGIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pathvector-plugin-inherit")
loader = importlib.machinery.SourceFileLoader("inherit", PLUGIN)
spec = importlib.util.spec_from_loader("inherit", loader)
inherit = importlib.util.module_from_spec(spec)
sys.modules["inherit"] = inherit
loader.exec_module(inherit)


class Joined(unittest.TestCase):
    def test_parent_first_each_once(self):
        self.assertEqual(inherit.joined(["1:1", "2:2"], ["3:3", "2:2"]), ["1:1", "2:2", "3:3"])

    def test_both_spellings_of_a_community(self):
        self.assertEqual(inherit.joined(["1,1"], ["1:1", "2:2"]), ["1:1", "2:2"])

    def test_a_list_that_has_all_stays(self):
        own = ["b", "x", "a"]
        self.assertIs(inherit.joined(["a", "b"], own), own)

    def test_an_empty_list_stays(self):
        self.assertEqual(inherit.joined(["a"], []), [])

    def test_twice_is_once(self):
        once = inherit.joined([1, 2], [3, 1])
        self.assertEqual(inherit.joined([1, 2], once), once)


class Inherited(unittest.TestCase):
    def test_arguments_stay_as_they_are(self):
        above, own = {"tags": ["a"], "x": 1}, {"tags": ["b"]}
        self.assertEqual(inherit.inherited(above, own, ["tags"]), {"tags": ["a", "b"], "x": 1})
        self.assertEqual((above, own), ({"tags": ["a"], "x": 1}, {"tags": ["b"]}))

    def test_own_keys_keep_their_place(self):
        self.assertEqual(list(inherit.inherited({"a": 1, "b": 1}, {"c": 1, "b": 2}, [])), ["c", "b", "a"])


class Lineage(unittest.TestCase):
    def test_from_the_first_ancestor(self):
        templates = {"a": {}, "b": {}, "c": {}}
        self.assertEqual(inherit.lineage("c", {"c": "b", "b": "a"}, templates), ["a", "b", "c"])

    def test_a_long_chain(self):
        names = [str(i) for i in range(3000)]
        extends = dict(zip(names[1:], names))
        self.assertEqual(len(inherit.lineage("2999", extends, dict.fromkeys(names, {}))), 3000)

    def test_a_circle_ends(self):
        with self.assertRaises(inherit.Failure) as caught:
            inherit.lineage("a", {"a": "b", "b": "a"}, {"a": {}, "b": {}})
        self.assertEqual(caught.exception.error["data"], {"pointer": "/extends/b"})


class Everywhere(unittest.TestCase):
    def test_two_peers_of_one_template_add_once(self):
        peers, templates = {"A": {"template": "t"}, "B": {"template": "t"}}, {"t": {"tags": ["x"]}}
        inherit.add_everywhere(peers, templates, {"tags": ["y"]})
        self.assertEqual(templates, {"t": {"tags": ["x", "y"]}})
        self.assertEqual(peers, {"A": {"template": "t"}, "B": {"template": "t"}})


if __name__ == "__main__":
    unittest.main()
