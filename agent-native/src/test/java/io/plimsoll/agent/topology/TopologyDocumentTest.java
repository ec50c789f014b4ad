package io.plimsoll.agent.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyDocumentTest
{
    private static final String WHOLE = """
        {
          "sockets": [
            {"id":0,"cpus":"0-3"}
          ],
          "numa": [
            {"id":0,"cpus":"0-1","memory":"64g","hugePages":[{"size":"2m","count":512,"free":17}]},
            {"id":2,"cpus":"2-3","memory":"24683656k"},
            {"id":3,"cpus":"","memory":"0"}
          ],
          "distances": [
            [10,21,30],
            [21,10,30],
            [31,32,10]
          ],
          "cores": [
            "0-1",
            "2-3"
          ],
          "caches": [
            {"level":1,"kind":"data","size":"48k","cpus":"0-1"},
            {"level":3,"kind":"unified","size":"32m","cpus":"0-3"}
          ],
          "pci": [
            {"address":"0000:16:02.0","kind":"root-port","class":"060400","root":"pci0000:16","numa":0},
            {"address":"0000:17:00.0","kind":"device","class":"030200","vendor":"10de","device":"20b2",\
        "root":"pci0000:16","path":["0000:16:02.0"]}
          ],
          "devices": [
            {"id":"cuda0","slot":"cuda.device","capacity":1,"model":"A100","memory":"80g","uuid":"GPU-1","numa":0,\
        "pci":"0000:17:00.0","path":["0000:16:02.0"]},
            {"id":"cuda1-0","slot":"cuda.mig-1g.10gb","capacity":1,"unique":true,"memory":"10g","uuid":"MIG-1",\
        "parent":"cuda1"},
            {"id":"share0","slot":"cuda.shares","capacity":0.25,"quantum":0.05}
          ],
          "nics": [
            {"name":"eth0","numa":2,"pci":"0000:18:00.0"}
          ],
          "links": [
            {"from":"cuda0","to":"share0","count":12}
          ],
          "levels": [
            {"from":"cuda0","to":"share0","level":"hostbridge"}
          ],
          "exclusive": [
            ["cuda.device","cuda.shares"]
          ],
          "reserved": {"cpus":"0","memory":"1g"},
          "failed": [
            {"id":"cuda7","slot":"cuda.device","uuid":"GPU-7","pci":"0000:19:00.0","reason":"XID 79"}
          ],
          "offline": "4-7",
          "notes": [
            "found so"
          ]
        }
        """;

    @Test
    void shouldReadWhatItWrites()
    {
        assertEquals(WHOLE, TopologyWriter.write(TopologyReader.read(WHOLE)));
        assertEquals(WHOLE, TopologyWriter.write(
            TopologyReader.read(TopologyWriter.writeCompact(TopologyReader.read(WHOLE)))));
    }

    @Test
    void shouldReadWhatPeopleWrite()
    {
        final HostTopology host = TopologyReader.read("""
            {"numa":[{"id":0,"cpus":"0-15","memory":"64g"}],
             "devices":[{"id":"cuda0","slot":"cuda.device","numa":0,"capacity":1,"model":"A100"}]}""");
        assertEquals(HostDetails.NONE, host.details());
        assertEquals(DeviceDetails.NONE, host.devices().get(0).details());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "'level':1,'kind':'unified' | 'level':0,'kind':'unified' | caches[0].level: is to be a whole number from 1 on",
        "'kind':'unified' | 'kind':'victim' | caches[0].kind: is to be one of data, instruction, unified",
        "'kind':'device' | 'kind':'toy' | pci[0].kind: is to be one of root-port, switch-upstream",
        "'level':'node' | 'level':'far' | levels[0].level: is to be one of internal, single, multiple, hostbridge",
        "'free':3 | 'free':4 | numa[0].hugePages[0].free: there are only 3",
        "'free':3 | 'free':-1 | numa[0].hugePages[0].free: is to be a whole number from 0 on",
        "'free':3 | 'free':true | numa[0].hugePages[0].free: is to be a whole number from 0 on",
        "'size':'2m' | 'size':'0' | numa[0].hugePages[0].size: is to be the size of a page",
        "'id':'b','slot':'cuda.device' | 'id':'b','slot':'mem' | devices[1].slot: memory is no device",
        "'uuid':'GPU-1' | 'uuid':1 | devices[0].uuid: is to be a text",
        "'offline':'1-3' | 'offline':'x' | offline: is to be a list of processors"})
    void shouldNameTheFieldThatIsWrong(final String right, final String wrong, final String expected)
    {
        final String document = "{'numa':[{'id':0,'cpus':'0','hugePages':[{'size':'2m','count':3,'free':3}]}]," +
            "'caches':[{'level':1,'kind':'unified','size':'1m','cpus':'0'}]," +
            "'pci':[{'address':'0000:17:00.0','kind':'device'}]," +
            "'devices':[{'id':'a','slot':'cuda.device','uuid':'GPU-1'},{'id':'b','slot':'cuda.device'}]," +
            "'levels':[{'from':'a','to':'b','level':'node'}],'offline':'1-3'}";
        TopologyReader.read(document.replace('\'', '"'));
        final String broken = document.replace(right, wrong);
        final String message = assertThrows(
            IllegalArgumentException.class, () -> TopologyReader.read(broken.replace('\'', '"'))).getMessage();
        assertEquals(expected, message.substring(0, Math.min(message.length(), expected.length())));
    }
}
