/** Plain Danish words, easy to say at a door, to hear and to spell: 512, in this order for ever. */
const words = `
abe agern altan ananas anker appelsin arm avis bad bakke bambus banan bassin bil billet
birk bjerg bjørn blad blomme blomst blyant blåbær bog bold bolle bolsje bord bro brød
brønd bue buket bus busk bæger bælte bæver bøg bøje bølge bønne børste båd bål bånd bæk
cello cirkus citron creme cykel dadel dal dans delfin dige dråbe dronning due dug duft
dukke dusk dyne døgn dør edderfugl eg egern ekko elefant elg eng engel eventyr fabel
fakkel falk familie farve fasan fe figen film filt finger fisk fjeld fjer fjord flag
flamme flise flod folder fod fold foto fregne frakke fregat frost frugt frø fugl fyr fyrre
føl får gaffel gardin garn gave ged gemse gips giraf glas glimt globus glød gnist gople
gran gren gris græs grød grotte gulv gulerod guld gummi gynge gærde gås hal hale halm
halstørklæde hammer hane handske harpe hare hasselnød hat hav have havn hegn hejre hest
hind hjelm hjerte hjort hjul hjørne honning horn hue hummer hund hus hval hvede hygge
hylde hytte hæk høne høg hånd ild indgang insekt isbjørn jakke jasmin jord jordbær jul
juni kabel kafe kage kaktus kalender kam kamel kanal kande kane kano kantarel kappe karry
karse kasse kastanje kat kegle kerne kiks kilde kirsebær kiste kjole klap klint klit
klokke klov kløver knap knop knude ko kobber kok kokos kompas komet konge kop koral korn
krabbe kran krans kridt kringle krone krukke krus krydderi kugle kurv kuvert kvist kylling
kyst kælder labyrint lagen lagune laks lampe land lanterne lasagne lasso lavendel legetøj
ler lilje lind linse luft lund lyng lynlås lys lyre læder lærke løg løve mad magnet mais
maler malm mandarin mandel mandolin mango marked marmor maske mast mejse melodi melon
metal midnat mole mos mosaik muldvarp mule musik musling mynte myre mælk mønt måge måne
nabo nat natur nattergal neon nisse node nord nougat nøgle nød næse nål oase okker ocean
olie oliven omelet opal opera orgel orkide ost otter pagaj pakke palme panda papir paprika
parasol park pasta pen peber pelikan pensel perle pilot pinje pingvin plade planet plante
plov pose port postkort potte poppel prisme prins pude pumpe puslespil pære pæon pølse
påfugl rabarber radio radise raket ramme rav regn regnbue rejse ribs ring ris robåd rod
rose rosin roulade rug rude rulle rype ræv rør rødbede røn safir saft saks sal salat salme
salt sand sang satellit sav sejl sel serviet seng silke sild sirup skab skak skal skib ski
skjold sko skov skrue sky skål skærm slange slot slæde smaragd smør snegl sne snor snefnug
sofa sol solsikke spade spejl spejder spil spinat spire spurv stald stang sti stige
stjerne stok stol storm stork strand strå stue stær støvle sukker suppe svale svamp svane
syd sytråd syren sæbe sæk sø søm søjle sølv tag tallerken tante tapet taske te tegning
telt teater tepotte terning tiger timian tinde tog tomat tone torn torv torsk trappe
traktor trane træ tromle tromme trompet trøje tulipan tunge tunnel tæppe tønde tørv tøffel
tråd tårn ugle uld ulv ur urt valnød valmue vandfald vandmand vante vaffel vase
`
  .trim()
  .split(/\s+/);

const bits = 9;

/** How many pairs of words there are: 18 bits. */
export const wordPairs = 2 ** (2 * bits);

/** The two words for a number below `wordPairs`: said at the door, read by who opens it. */
export const doorWords = (pair: number): [string, string] => [
  words[(pair >> bits) & 511] ?? '',
  words[pair & 511] ?? ''
];
