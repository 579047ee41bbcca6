"""What a player on a page shows, and the figure that most of its tests open."""

import graphstep as gs
from examples import NEURON, NEURON_INPUTS


def neuron(**options):
    return gs.stepper(NEURON, **NEURON_INPUTS, **options)


def texts(page):
    """What stands in each slot."""
    return page.evaluate("""() => Object.fromEntries([...document.querySelectorAll('.gs-stage > svg [data-slot]')]
        .filter(n => !n.parentElement.closest('[data-slot]')).map(n => [n.dataset.slot,
            n.tagName === 'text' ? (n.lastChild?.textContent || '') : n.textContent.trim()]))""")


def frame(page):
    return int(page.input_value(".gs-bar input[type=number]")) - 1
