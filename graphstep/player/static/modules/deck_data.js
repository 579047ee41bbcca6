// What a deck says of itself: its size, its labels, and the tables of sizes that all formats share.

export const deck = JSON.parse(document.getElementById("gs-deck").textContent);
