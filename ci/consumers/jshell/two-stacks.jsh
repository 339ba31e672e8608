import org.vnet4j.*
var vnet = Vnet.sandbox()
var cable = vnet.host().epair().create()
var jail = vnet.host().jail("shell").vnet(cable.b()).create()
cable.a().inet("192.0.2.1/24").up()
cable.b().inet("192.0.2.2/24").up()
System.out.println(vnet.host().ping("192.0.2.2").count(2).run())
vnet.close()
/exit
