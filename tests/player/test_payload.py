"""The data of a figure, as the player reads it."""

from browsing_player import neuron

from graphstep.player.payload import bare, payload


def test_the_data_says_what_python_says():
    s = neuron(by="wire")
    data = payload(s)
    assert [step["c"] for step in data["steps"]] == [frame.caption for frame in s]
    shown = {slot for step in data["steps"] for slot in step["s"]}
    assert shown == set(range(len(data["slots"].split())))


def test_a_figure_that_only_shows_its_frames_has_no_data_but_theirs():
    s = neuron()
    data, whole = bare(s), payload(s)
    assert data.keys() == {"slots", "texts", "blocks", "steps", "warnings"}
    assert all(data[key] == whole[key] for key in data.keys() - {"steps"})
    for step, full in zip(data["steps"], whole["steps"], strict=True):
        assert step == {key: text for key, text in full.items() if key not in ("l", "y")}
